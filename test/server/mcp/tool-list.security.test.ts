import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scope, scopes } from "../../../plugin/api/scopes.ts";
import { mcpTools } from "../../../plugin/catalogue.ts";
import { everyMcpTool, giveEveryTool } from "../../support/agent-rights.ts";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

/** What a program may call for an agent that it names. */
const canvas: readonly string[] = mcpTools.flatMap(({ contract, offer }) =>
  offer.agentsOnly ? [] : [contract.type],
);
const all = [
  ...canvas,
  "vault_list",
  "vault_get",
  "vault_totp",
  "vault_totp_use_backup",
  "vault_store",
  "vault_delete",
  "mail_list_messages",
  "mail_get_message",
  "mail_update_labels",
  "mail_delete_message",
  "mail_list_threads",
  "mail_get_thread",
  "wait_for_code",
  "identity_whoami",
];
const mail = all.filter((name) => name.startsWith("mail_"));
const managing = ["mail_update_labels", "mail_delete_message"];
const readingMail = mail.filter((name) => !managing.includes(name));
const codes = ["vault_totp"];

/** What a program's key with this scope alone is shown, besides `identity_whoami`, which everybody is. */
const shownFor: Partial<Record<Scope, readonly string[]>> = {
  "codes:read": [...codes, "wait_for_code"],
  "vault:read": ["vault_list", ...codes],
  "vault:write": ["vault_store"],
  "vault:open": ["vault_get"],
  "vault:backup": ["vault_totp_use_backup"],
  "vault:delete": ["vault_delete"],
  "mail:read": [...readingMail, "wait_for_code"],
  "mail:manage": managing,
  admin: all,
};

const argumentsOf: Readonly<Record<string, object>> = {
  verify_totp_code: { code: "123456" },
  vault_store: { name: "x", type: "CUSTOM", data: {} },
  mail_get_message: { messageId: "x" },
  mail_update_labels: { messageId: "x" },
  mail_delete_message: { messageId: "x" },
  mail_get_thread: { threadId: "x" },
  wait_for_code: { address: "nobody@example.com", timeout_seconds: 1 },
};

let server: TestServer;
let slug = "";
const makeKey = async (name: string, has: readonly Scope[]): Promise<string> =>
  (await server.api("POST", "/keys", { name, scopes: has })).body.key;

beforeAll(async () => {
  server = await startTestServer();
  slug = await server.addWorkflow(agentWorkflow(), "List");
});
afterAll(() => server.stop());

describe("the list of tools", () => {
  it.each(scopes)(
    "G5, D11: shows a key with %s alone what it may use, and refuses it all else",
    async (scope) => {
      const key = await makeKey(`only ${scope}`.replace(":", " "), [scope]);
      const { names, call } = await connectMcp(server, { key });
      const shown = await names();
      expect(shown).toEqual(
        all.filter((name) => name === "identity_whoami" || shownFor[scope]?.includes(name) === true),
      );
      for (const name of all.filter((one) => !shown.includes(one)))
        expect(await call(name, { name: "x", workflow: slug, ...argumentsOf[name] }), name).toMatchObject({
          ok: false,
          body: { code: "FORBIDDEN" },
        });
      for (const name of shown) {
        const { body } = await call(name, { name: "x", workflow: slug, ...argumentsOf[name] });
        expect(body.code, name).not.toBe("FORBIDDEN");
      }
    },
  );

  it("G5: shows a program the canvas tools where it may run workflows and read codes", async () => {
    const key = await makeKey("runs and reads", ["runs:write", "codes:read"]);
    const { names } = await connectMcp(server, { key });
    expect(await names()).toEqual([...canvas, ...codes, "wait_for_code", "identity_whoami"]);
  });

  it("H13: shows an agent user exactly the tools that are wired to it, each under the name its model has for it", async () => {
    const graph = agentWorkflow();
    graph.nodes.push(node("first", "vault_totp", { entry: "one" }), node("second", "vault_totp"));
    graph.nodes.push(node("request", "http_request"), node("loose", "wait_for_code"));
    graph.edges.push(toolEdge("first"), toolEdge("second"), toolEdge("request"));
    const wired = await server.addWorkflow(graph, "Wired");
    const { api_key: key, username } = (await server.call(wired, "create")).body;
    const { token } = (await server.api("POST", "/mcp-tokens", { agent_user: username })).body;
    const expected = [...canvas, "vault_totp", "vault_totp_2", "http_request"];
    for (const door of [{ key }, { token }]) {
      const { client, call } = await connectMcp(server, door);
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expected);
      for (const { inputSchema } of tools) expect(inputSchema.properties).not.toHaveProperty("workflow");
      for (const name of all.filter((one) => !expected.includes(one)))
        expect(await call(name, { name: "x", ...argumentsOf[name] }), name).toMatchObject({
          ok: false,
          body: { code: "FORBIDDEN" },
        });
      expect((await call("vault_totp", { name: "x" })).body.code).toBe("VAULT_ENTRY_NOT_FOUND");
    }
    // The tool that acts in a session of its agent needs one: a key alone does not become a session.
    const { totp_code: code } = (await server.call(wired, "code")).body;
    const login = await server.send("POST", "/api/v1/auth/session", { api_key: key, code });
    const session = await connectMcp(server, { key: login.body.token });
    expect(await session.names()).toContain("platform_api");
    const { version } = (await server.api("GET", `/workflows/${wired}`)).body;
    const cut = {
      version,
      nodes: graph.nodes,
      edges: graph.edges.filter(({ source }) => source !== "first"),
    };
    await server.api("PUT", `/workflows/${wired}`, cut);
    expect(await (await connectMcp(server, { token })).names()).not.toContain("vault_totp_2");
    const program = await connectMcp(server, { key: server.adminKey });
    for (const { name, inputSchema } of (await program.client.listTools()).tools)
      expect("workflow" in (inputSchema.properties ?? {}), name).toBe(canvas.includes(name));
  });

  it("H13: shows an agent user what a person granted it by name too, as far as its scopes go", async () => {
    const { username, api_key: key } = (await server.call(slug, "create")).body;
    const mcp = await connectMcp(server, { key });
    expect(await mcp.names()).toEqual(canvas);
    const path = `/agent-users/${username}`;
    const grant = (body: object, as = server.api) => as("PATCH", path, body);
    const granted = await grant({ mcp_tools: ["vault_list", "vault_get", "vault_delete"] });
    expect(granted.body.mcp_tools).toEqual(["vault_list", "vault_get", "vault_delete"]);
    expect(await mcp.names()).toEqual([...canvas, "vault_list"]);
    expect((await mcp.call("vault_get", { name: "x" })).body.code).toBe("FORBIDDEN");
    const { scopes: had } = (await server.api("GET", path)).body;
    await grant({ scopes: [...had, "vault:open", "vault:delete"] });
    expect(await mcp.names()).toEqual([...canvas, "vault_list", "vault_get", "vault_delete"]);
    expect((await mcp.call("vault_get", { name: "x" })).body.code).toBe("VAULT_ENTRY_NOT_FOUND");
    // Its own key gives it nothing more.
    expect((await grant({ mcp_tools: ["mail_get_message"] }, server.as(key))).status).toBe(403);
    await grant({ mcp_tools: [] });
    expect(await mcp.names()).toEqual(canvas);
  });

  it("H13: has a name to grant for every tool that no wire gives, and for no other", async () => {
    expect([...everyMcpTool].sort()).toEqual(all.filter((name) => !canvas.includes(name)).sort());
  });

  it("G5: shows an agent of another builder no tool of this canvas, where it has no wires", async () => {
    const call = hostClient(server, await hostKey(server, "elsewhere"));
    const { api_key: key, username } = (await call("create_agent_user")).body;
    const mcp = await connectMcp(server, { key });
    expect(await mcp.names()).toEqual([]);
    expect((await mcp.call("get_totp_code")).body.code).toBe("FORBIDDEN");
    await giveEveryTool(server, username);
    expect(await mcp.names()).toEqual(all.filter((name) => !canvas.includes(name) && !mail.includes(name)));
  });

  it("G7: a tool that was called without its scope is in the audit log, by its name", async () => {
    const key = await makeKey("curious", ["mail:read"]);
    await (await connectMcp(server, { key })).call("vault_get", { name: "some-hidden-name" });
    const { audit_events } = (await server.api("GET", "/audit-events?limit=1")).body;
    expect(audit_events[0]).toMatchObject({
      action: "request.refused",
      actor_kind: "service_key",
      actor: "curious",
      subject: "vault_get",
      result: "refused",
      ip: expect.stringMatching(/127\.0\.0\.1|::1/),
    });
  });

  it("G5: says truly which tools change nothing, which destroy something, and which may be repeated", async () => {
    const { client } = await connectMcp(server, { key: server.adminKey });
    const { tools } = await client.listTools();
    const having = (hint: "readOnlyHint" | "destructiveHint" | "idempotentHint") =>
      tools.filter(({ annotations }) => annotations?.[hint] === true).map(({ name }) => name);
    const canvasThat = (effect: string) =>
      mcpTools
        .filter(({ offer }) => offer.effect === effect && !offer.agentsOnly)
        .map(({ contract }) => contract.type);
    expect(canvasThat("reads")).toEqual(expect.arrayContaining(["get_totp_code", "whoami"]));
    expect(canvasThat("adds")).toContain("create_agent_user");
    expect(canvasThat("spends")).toContain("verify_totp_code");
    expect(having("readOnlyHint")).toEqual([
      ...canvasThat("reads"),
      "vault_list",
      "vault_get",
      ...readingMail,
      "identity_whoami",
    ]);
    expect(having("destructiveHint")).toEqual([
      "vault_totp_use_backup",
      "vault_store",
      "vault_delete",
      "mail_delete_message",
    ]);
    const oncePerCall = all.filter((name) => !having("idempotentHint").includes(name));
    expect(oncePerCall).toEqual([
      ...canvasThat("spends"),
      "vault_totp",
      "vault_totp_use_backup",
      "wait_for_code",
    ]);
    for (const { name, annotations } of tools)
      expect([annotations?.openWorldHint, typeof annotations?.title], name).toEqual([false, "string"]);
  });

  it("G5: gives every tool schemas of objects, without marks that only we know", async () => {
    const { client } = await connectMcp(server, { key: server.adminKey });
    for (const { name, description, inputSchema, outputSchema } of (await client.listTools()).tools) {
      expect([inputSchema.type, outputSchema?.type], name).toEqual(["object", "object"]);
      expect(description?.length, name).toBeGreaterThan(20);
      expect(JSON.stringify([inputSchema, outputSchema]), name).not.toMatch(/"(secret|\$schema)":/);
    }
  });
});
