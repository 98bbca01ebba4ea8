import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { giveEveryTool } from "../../support/agent-rights.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
const agents: { key: string; username: string }[] = [];
let number = 0;
let name: string;
let theirs: string;

beforeAll(async () => {
  server = await startTestServer();
  for (const workflow of ["Squatter", "Victim"]) {
    const slug = await server.addWorkflow(agentWorkflow(), workflow);
    const { body } = await server.call(slug, "create");
    await giveEveryTool(server, body.username);
    agents.push({ key: body.api_key, username: body.username });
  }
});
afterAll(() => server.stop());
beforeEach(async () => {
  name = `aws-root ${++number}`;
  const made = await v0(agents[0]?.key, "PUT", { type: "CUSTOM", data: { of: "squatter" } });
  theirs = made.body.credentialId;
});

const v0 = (key = "", method: string, body?: unknown) =>
  server.send(method, `/v0/vault/${encodeURIComponent(name)}`, body, { authorization: `Bearer ${key}` });
const dataOf = async (id: string) => (await server.api("GET", `/vault/entries/${id}/data`)).body?.data;

/** Whoever may change the squatter's entry, though it is not theirs. */
const callers = {
  "an administrator": async () => server.adminKey,
  "an agent that was granted to manage it": async () => {
    await server.as(agents[0]?.key ?? "")("PUT", `/vault/entries/${theirs}/grants`, {
      grantee: { kind: "agent_user", name: agents[1]?.username },
      rights: ["codes", "backup", "data", "manage"],
      outside_canvas: true,
    });
    return agents[1]?.key ?? "";
  },
};

describe.each(Object.entries(callers))("D14: a name that another owner took first, to %s", (_, keyOf) => {
  it("is its own when it is written: the other's entry stays as it is, and learns nothing", async () => {
    const key = await keyOf();
    const put = await v0(key, "PUT", { type: "AWS", data: { secret: "of the victim" } });
    expect(put.status).toBe(200);
    expect(put.body.credentialId).not.toBe(theirs);
    expect(await dataOf(theirs)).toEqual({ of: "squatter" });
    expect((await v0(agents[0]?.key, "GET")).body).toMatchObject({
      data: { of: "squatter" },
      type: "CUSTOM",
    });
    expect((await v0(key, "GET")).body.data).toEqual({ secret: "of the victim" });
    // And again: what is replaced is what they wrote.
    await v0(key, "PUT", { type: "AWS", data: { secret: "another" } });
    expect(await dataOf(put.body.credentialId)).toEqual({ secret: "another" });
    expect(await dataOf(theirs)).toEqual({ of: "squatter" });
  });

  it("is its own when a second factor is stored under it", async () => {
    const headers = { authorization: `Bearer ${await keyOf()}` };
    const otpauth = "otpauth://totp/AWS:root?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    const added = await server.send("POST", "/v0/vault", { label: name, otpauth }, headers);
    expect(added.body.credentialId).not.toBe(theirs);
    expect((await server.api("GET", `/vault/entries/${theirs}`)).body.one_time).toBe(null);
  });

  it("deletes nothing of the other's, only what is its own", async () => {
    const key = await keyOf();
    expect((await v0(key, "DELETE")).status).toBe(404);
    expect(await dataOf(theirs)).toEqual({ of: "squatter" });
    await v0(key, "PUT", { type: "CUSTOM", data: {} });
    expect((await v0(key, "DELETE")).status).toBe(204);
    expect(await dataOf(theirs)).toEqual({ of: "squatter" });
    // By its id it can be deleted by whoever manages it.
    expect((await server.as(key)("DELETE", `/vault/entries/${theirs}`)).status).toBe(204);
  });
});
