import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ProxyAgent, request as sendThrough } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addPerson } from "../../support/add-person.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { addProgramBehindProxy, sendPlain } from "../../support/program-behind-proxy.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const token = "ghp_plain/canary+4711";
const clock = fixedClock();
let server: TestServer;
let echo: Server;
let home: string;
let proxy: string;
const received: NodeJS.Dict<string | string[]>[] = [];

/** A service without TLS on this machine, that repeats what it was sent. */
beforeAll(async () => {
  echo = createServer(({ headers }, response) => {
    received.push(headers);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(headers));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => echo.once("listening", resolve));
  home = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  server = await startTestServer({
    clock,
    settings: { TOTEM_PROXY_PORT: "0", TOTEM_ALLOWED_URLS: home },
  });
  proxy = server.proxy?.url ?? "";
});
beforeEach(() => {
  received.length = 0;
});
afterAll(async () => {
  await server.stop();
  echo.close();
});

const addProgram = (name: string) =>
  addProgramBehindProxy(server, { name, data: { token }, origins: [home], one_time: { secret: seed } });
const codeNow = () => independentCode(seed, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now());

describe("H11: a program behind the proxy", () => {
  it("has a secret put in without TLS too, towards an address of this machine that the list names", async () => {
    const { login } = await addProgram("plain");
    const headers = { authorization: "Bearer {{vault.plain.token}}" };
    const answer = await sendPlain({ proxy, login, url: `${home}/a`, headers });
    expect(answer.status, answer.text).toBe(200);
    expect(received[0]?.authorization).toBe(`Bearer ${token}`);
    expect(received[0]?.["proxy-authorization"]).toBeUndefined();
    expect(JSON.parse(answer.text).authorization).toBe("Bearer ••••••");
    // Some programs tunnel also what has no TLS.
    const dispatcher = new ProxyAgent({
      uri: proxy,
      proxyTunnel: true,
      token: `Basic ${Buffer.from(login).toString("base64")}`,
    });
    const tunnelled = await sendThrough(`${home}/b`, { dispatcher, headers });
    expect([tunnelled.statusCode, await tunnelled.body.json()]).toMatchObject([
      200,
      { authorization: "Bearer ••••••" },
    ]);
    expect(received[1]?.authorization).toBe(`Bearer ${token}`);
    await dispatcher.destroy();
  });

  it("names the one-time code of this moment, and reads none of it", async () => {
    const { login, entryId } = await addProgram("codes");
    const headers = { "x-code": "{{vault.codes.code}}" };
    const answer = await sendPlain({ proxy, login, url: home, headers });
    expect(answer.status, answer.text).toBe(200);
    expect(received[0]?.["x-code"]).toBe(codeNow());
    expect(answer.text).not.toContain(codeNow());
    const { body } = await server.api("GET", `/audit-events?subject=${entryId}`);
    expect(body.audit_events.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(["vault.field_released", "vault.code_read"]),
    );
  });

  it("is told to come back where the entry asks people, and gets the secret in once they agreed", async () => {
    const { login, entryId } = await addProgram("asked");
    const set = await server.api("PUT", `/vault/entries/${entryId}/ask`, { ask: { roles: ["operator"] } });
    expect(set.status, set.text).toBe(200);
    const ben = await addPerson(server, { roles: ["operator"] });
    const headers = { "x-token": "{{vault.asked.token}}" };
    const asked = () => sendPlain({ proxy, login, url: home, headers });
    const first = await asked();
    expect([first.status, JSON.parse(first.text)]).toMatchObject([
      409,
      {
        code: "APPROVAL_NEEDED",
        message: expect.stringMatching(/\.$/),
        retry_after_seconds: expect.any(Number),
      },
    ]);
    expect(first.headers).toMatchObject({
      "x-totem-refusal": "APPROVAL_NEEDED",
      "retry-after": expect.any(String),
    });
    // It is one question, however often the program asks.
    expect((await asked()).status).toBe(409);
    const { body } = await server.api("GET", "/approvals");
    expect(body.approvals).toHaveLength(1);
    expect(received).toEqual([]);
    const yes = await ben.send("POST", `/approvals/${body.approvals[0].id}`, { decision: "approve" });
    expect(yes.status, yes.text).toBeLessThan(300);
    const second = await asked();
    expect(second.status, second.text).toBe(200);
    expect(received.map((got) => got["x-token"])).toEqual([token]);
    expect(second.text).not.toContain(token);
  });
});
