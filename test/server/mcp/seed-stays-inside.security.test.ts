import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { giveEveryTool } from "../../support/agent-rights.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { formsOfBytes } from "../../support/secret-forms.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock: fixedClock() });
});
afterAll(() => server.stop());

it("G5, E1, E2: no message of MCP ever carries a seed, and no line of the log does", async () => {
  const seeds = ["MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U", "KRSXG5CTMVRXEZLUJFXHG2LEMVGW6Y3L"];
  const [first = "", second = ""] = seeds;
  const slug = await server.addWorkflow(agentWorkflow(), "Canary");
  const { api_key, username } = (await server.call(slug, "create")).body;
  await giveEveryTool(server, username);
  const received: string[] = [];
  const { token } = (await server.as(api_key)("POST", "/mcp-tokens")).body;
  for (const modern of [true, false]) {
    const onText = (text: string): void => void received.push(text);
    const { names, call } = await connectMcp(server, { token, modern, onText });
    await names();
    const data = { username: "me", secret: first };
    await call("vault_store", { name: "one", type: "LOGIN", data });
    await call("vault_store", {
      name: "two",
      type: "TOTP",
      data: { otpauth: `otpauth://totp/A:b?secret=${second}&issuer=A`, backupCodes: ["b-1"] },
      metadata: { note: "mine" },
    });
    // What is read is stored again, and a seed is replaced by the other.
    const { body } = await call("vault_get", { name: "one" });
    await call("vault_store", { name: "one", type: "LOGIN", data: body.data });
    expect((await call("vault_totp", { name: "one" })).body.code).toMatch(/^\d{6}$/);
    await call("vault_store", { name: "one", type: "LOGIN", data: { ...data, secret: second } });
    await call("vault_store", { name: "one", type: "LOGIN", data: { secret: `${first}1!` } });
    await call("vault_store", { name: "one", type: "LOGIN", data: { secret: first, digits: "nine" } });
    await call("vault_store", { name: "one", type: first, data: { secret: first } });
    for (const tool of await names())
      for (const name of ["one", "two"]) await call(tool, { name, code: "123456" });
  }
  const forms = seeds.flatMap((seed) => formsOfBytes(decodeBase32(seed)));
  expect(received.length).toBeGreaterThan(50);
  for (const text of [received.join("\n"), server.log.join("\n")])
    for (const form of forms) expect(text.includes(form)).toBe(false);
  expect(received.join("")).not.toMatch(/\\"(secret|otpauth|seed|sealed_\w+|\w+_hash)\\"\s*:/);
});
