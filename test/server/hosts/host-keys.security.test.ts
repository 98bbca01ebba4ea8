import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const create = "create_agent_user";

describe("D1: a key that speaks for a builder", () => {
  it("speaks for the instance it was made for, and for no other", async () => {
    const bound = { host: "n8n", host_instance: "mine" };
    const call = hostClient(server, await hostKey(server, "bound", bound), "mine");
    expect((await call(create)).status).toBe(200);
    for (const place of [{ instance: "other" }, { host: "flowise" }])
      expect((await call(create, place)).body).toMatchObject({ status: 403, code: "FORBIDDEN" });
  });

  it("made for none, speaks for the first one that uses it, and the trail says so", async () => {
    const key = await hostKey(server, "first come");
    const call = hostClient(server, key, "first of all");
    expect((await call("get_totp_code", { instance: "bad id" })).status).toBe(400);
    expect((await call("get_totp_code", { instance: "one" })).body.code).toBe("AGENT_USER_NOT_FOUND");
    expect((await call(create, { instance: "two" })).status).toBe(403);
    expect((await call(create, { instance: "one" })).status).toBe(200);
    const { keys } = (await server.api("GET", "/keys")).body;
    expect(keys.find(({ name }: { name: string }) => name === "first come")).toMatchObject({
      host: "n8n",
      host_instance: "one",
    });
    const { audit_events } = (await server.api("GET", "/audit-events?limit=50")).body;
    const bound = audit_events.filter(({ action }: { action: string }) => action === "service_key.bound");
    expect(bound).toMatchObject([{ actor: "first come", subject: "first come", result: "ok" }]);
  });

  it("is bound once, also by calls of many instances at the same moment", async () => {
    const call = hostClient(server, await hostKey(server, "raced"));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => call(create, { instance: `racer${index}`, workflow: "race" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 403),
    ]);
  });

  it("never speaks for the studio, whose agents have wires here", async () => {
    const call = hostClient(server, await hostKey(server, "impostor"));
    expect((await call(create, { host: "totem", instance: "studio" })).body).toMatchObject({
      code: "INPUT_INVALID",
      errors: [{ field: "host" }],
    });
    const made = await server.api("POST", "/keys", {
      name: "impostor too",
      scopes: ["hosts:call"],
      host: "totem",
      host_instance: "studio",
    });
    expect(made.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "host" }] });
  });

  it("is the only key that opens the door: an administrator's speaks for nobody", async () => {
    const other = await server.api("POST", "/keys", { name: "codes", scopes: ["codes:read", "runs:write"] });
    const admin = await server.api("POST", "/keys", { name: "second admin", scopes: ["admin"] });
    for (const key of [server.adminKey, other.body.key, admin.body.key])
      expect((await hostClient(server, key)(create)).body).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect((await hostClient(server, "totem_key_nobodys")(create)).status).toBe(401);
    const agent = (await hostClient(server, await hostKey(server, "own agent"))(create)).body.api_key;
    expect((await hostClient(server, agent)(create)).status).toBe(403);
  });

  it.each([
    ["host", { scopes: ["codes:read"], host: "n8n", host_instance: "x" }],
    ["host_instance", { scopes: ["hosts:call"], host: "n8n" }],
    ["host", { scopes: ["hosts:call"], host_instance: "x" }],
  ])("is not made half: %s", async (field, body) => {
    const made = await server.api("POST", "/keys", { name: `half ${random.uuid()}`, ...body });
    expect(made.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field }] });
  });
});

describe("D10: what another instance brought", () => {
  it("is not listed, not removed and not restored by a key of this one", async () => {
    const theirs = hostClient(server, await hostKey(server, "theirs"), "theirs");
    await theirs(create, { workflow: "secret-flow", name: "Secret flow" });
    const all = (await server.api("GET", "/host-workflows?workflow_id=secret-flow")).body.workflows;
    expect(all).toHaveLength(1);
    const unbound = await hostKey(server, "unbound");
    const bound = await hostKey(server, "ours", { host: "n8n", host_instance: "ours" });
    for (const key of [unbound, bound]) {
      const as = server.as(key);
      expect((await as("GET", "/host-workflows")).body).toEqual({ workflows: [] });
      expect((await as("DELETE", `/host-workflows/${all[0].id}`)).body.code).toBe("WORKFLOW_NOT_FOUND");
      expect((await as("POST", `/host-workflows/${all[0].id}/restore`)).status).toBe(404);
    }
    expect((await theirs("get_totp_code", { workflow: "secret-flow" })).status).toBe(200);
  });

  it("never comes to another workspace, where the same instance may be known too", async () => {
    const b = server.as((await server.api("POST", "/workspaces", { name: "hosts of b" })).body.key);
    const keyOfB = (await b("POST", "/keys", { name: "n8n", scopes: ["hosts:call"] })).body.key;
    const place = { workflow: "same", name: "Same" };
    const inA = await hostClient(server, await hostKey(server, "same in a"), "same")(create, place);
    const inB = await hostClient(server, keyOfB, "same")(create, place);
    expect(inB.body).toMatchObject({ username: inA.body.username, already_existed: false });
    expect(inB.body.api_key).not.toBe(inA.body.api_key);
    expect((await b("GET", "/host-workflows")).body.workflows).toHaveLength(1);
  });

  it("is read by its own agents only: a name that a model sends is a wish", async () => {
    const call = hostClient(server, await hostKey(server, "wishes"), "wishes");
    await call(create, { agent: "left" });
    const { username } = (await call(create, { agent: "right" })).body;
    const asked = await call("get_totp_code", { agent: "left" }, { username });
    expect(asked.body).toMatchObject({ success: false, code: "FORBIDDEN" });
    expect(asked.text).not.toMatch(/"totp_code"/);
  });
});

describe("B4: input from a builder", () => {
  it.each([
    ["host", { host: "N8N" }],
    ["host_instance", { host_instance: "" }],
    ["host_instance", { host_instance: "totem_key_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }],
    ["workflow_id", { workflow_id: "a b" }],
    ["workflow_id", { workflow_id: "x".repeat(201) }],
    ["workflow_name", { workflow_name: "\u0000" }],
    ["workflow_name", { workflow_name: 7 }],
    ["agent_node_id", { agent_node_id: "../../etc" }],
    ["agent_node_id", { agent_node_id: "a/get_totp_code" }],
    ["agent_node_name", { agent_node_name: "x".repeat(201) }],
    ["tool", { tool: ["get_totp_code"] }],
    ["arguments", { arguments: "x" }],
    ["arguments.username", { tool: "get_totp_code", arguments: { username: { $ne: null } } }],
    ["config", { config: [] }],
  ])("is refused by the name of its field, %s, and never repeated", async (field, wrong) => {
    const call = hostClient(server, await hostKey(server, `hostile ${random.uuid()}`), "hostile");
    const { status, body, text } = await call(create, {}, {}, wrong);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: "INPUT_INVALID", errors: [{ field }] },
    });
    for (const value of Object.values(wrong))
      if (typeof value === "string" && value.length > 3) expect(text).not.toContain(value);
  });
});
