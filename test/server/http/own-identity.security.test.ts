import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
const keys: [string, string][] = [];
const victims: string[] = ["administrator", "admin", "agent_nobody_agent", "agent_thief_nobody"];
beforeAll(async () => {
  server = await startTestServer();
  const graph = agentWorkflow();
  graph.nodes.push(node("neighbour", "agent"), node("private", "get_totp_code"));
  graph.edges.push(toolEdge("create", "neighbour"), toolEdge("private", "neighbour"));
  const slug = await server.addWorkflow(graph, "Thief");
  const other = await server.addWorkflow(agentWorkflow(), "Victim");
  victims.unshift(
    (await server.call(other, "create")).body.username,
    (await server.call(slug, "create", {}, "neighbour")).body.username,
  );
  const { api_key } = (await server.call(slug, "create", {}, "agent")).body;
  const { totp_code } = (await server.call(slug, "code")).body;
  const login = await server.send("POST", "/api/v1/auth/session", { api_key, code: totp_code });
  keys.push(["its key", api_key], ["a session", login.body.token]);
});
afterAll(() => server.stop());

const steals: [string, (name: string) => [string, string, unknown?]][] = [
  [
    "reads a code with its tool",
    (username) => ["POST", "/workflows/thief/nodes/code/call", { arguments: { username } }],
  ],
  [
    "verifies with its tool",
    (username) => ["POST", "/workflows/thief/nodes/verify/call", { arguments: { username, code: "123456" } }],
  ],
  ["reads an account", (name) => ["GET", `/agent-users/${name}`]],
  ["verifies over HTTP", (name) => ["POST", `/agent-users/${name}/verify`, { code: "123456" }]],
  ["disables an account", (name) => ["POST", `/agent-users/${name}/disable`]],
  [
    "grants itself the codes",
    (name) => ["POST", `/agent-users/${name}/grants`, { reader: "agent_thief_agent" }],
  ],
  [
    "reads an account with platform_api",
    (name) => [
      "POST",
      "/workflows/thief/nodes/platform/call",
      { arguments: { path: `/api/v1/agent-users/${name}` } },
    ],
  ],
];

describe("D1: an agent that names another agent", () => {
  it.each(steals)(
    "gets one answer for every name, with its key and with a session: %s",
    async (_what, request) => {
      for (const [, key] of keys) {
        const answers = new Set<string>();
        for (const name of victims) {
          const { status, body, text } = await server.as(key)(...request(name));
          answers.add(JSON.stringify([status, body]).replaceAll(/urn:totem:request:[\w-]+/g, ""));
          expect(text).not.toMatch(/"totp_code"|"valid"|"purpose"|totem_agent_/);
        }
        expect([...answers]).toHaveLength(1);
        expect([...answers][0]).toMatch(/40[34]/);
      }
    },
  );

  it("is in the audit log with the name it asked for", async () => {
    const [victim = ""] = victims;
    const { audit_events } = (await server.api("GET", `/audit-events?subject=${victim}`)).body;
    const refused = audit_events.filter((event: { result: string }) => event.result === "refused");
    expect(new Set(refused.map((event: { action: string }) => event.action))).toEqual(
      new Set(["code.read", "code.verified", "request.refused"]),
    );
    for (const event of refused)
      expect(event).toMatchObject({ actor_kind: "agent_user", actor: "agent_thief_agent" });
  });

  it("cannot call as its neighbour, and cannot use a tool that is wired to the neighbour only", async () => {
    for (const [, key] of keys) {
      const as = server.as(key);
      const own = await as("POST", "/workflows/thief/nodes/create/call", { caller_node_id: "neighbour" });
      expect(own.body.username).toBe("agent_thief_agent");
      const foreign = await as("POST", "/workflows/thief/nodes/private/call", {
        caller_node_id: "neighbour",
      });
      expect(foreign.body).toMatchObject({ success: false, code: "AGENT_NOT_CONNECTED" });
      const elsewhere = await as("POST", "/workflows/victim/nodes/code/call", {});
      expect(elsewhere.body).toMatchObject({ status: 404, code: "WORKFLOW_NOT_FOUND" });
    }
  });

  it("does not get from a tool what its key alone may not do", async () => {
    const [[, key] = ["", ""], [, session] = ["", ""]] = keys;
    const ask = (as: string) =>
      server.as(as)("POST", "/workflows/thief/nodes/platform/call", {
        arguments: { path: "/api/v1/workflows" },
      });
    expect(await ask(key)).toMatchObject({ status: 403, body: { success: false, code: "FORBIDDEN" } });
    expect(await ask(session)).toMatchObject({ status: 200, body: { success: true, status: 200 } });
  });

  it("is shown itself alone in every list", async () => {
    const [, [, session] = ["", ""]] = keys;
    const as = server.as(session);
    expect(
      (await as("GET", "/agent-users")).body.agent_users.map((user: { username: string }) => user.username),
    ).toEqual(["agent_thief_agent"]);
    expect(
      (await as("GET", "/workflows")).body.workflows.map((workflow: { slug: string }) => workflow.slug),
    ).toEqual(["thief"]);
    expect((await as("GET", "/workflows/victim")).status).toBe(404);
  });
});
