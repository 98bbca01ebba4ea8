import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const password = "pw-that-only-a-grant-gives";

/** What an agent has: a Vault TOTP wired to it that names the entry, a grant of the entry, and how far that goes. */
const states = {
  wired: { wire: "service" },
  granted: { grant: {} },
  both: { wire: "service", grant: {} },
  neither: {},
  "both, and the wire names no entry": { wire: "", grant: {} },
  "granted, and the wire names another entry": { wire: "other", grant: {} },
  "granted also outside the canvas": { grant: { outside_canvas: true } },
} as const satisfies Record<string, { readonly wire?: string; readonly grant?: object }>;
type State = keyof typeof states;
const ways = ["runner", "HTTP with its key", "MCP header", "MCP address", "session"] as const;
type Way = (typeof ways)[number];
const outside = ways.filter((way) => way !== "runner");

/** Who gets a code, and who gets data. A wire gives codes, never data. Every other pair gets nothing. */
const table: Readonly<Record<State, { readonly codes: readonly Way[]; readonly data: readonly Way[] }>> = {
  wired: { codes: [], data: [] },
  granted: { codes: [], data: [] },
  both: { codes: ways, data: [] },
  neither: { codes: [], data: [] },
  "both, and the wire names no entry": { codes: ways, data: [] },
  "granted, and the wire names another entry": { codes: [], data: [] },
  "granted also outside the canvas": { codes: outside, data: outside },
};

interface TestAgent {
  readonly slug: string;
  readonly username: string;
  readonly key: string;
  readonly session: string;
  readonly token: string;
}
let server: TestServer;
let entryId = "";
const agents = new Map<State, TestAgent>();
const agentOf = (state: State): TestAgent => {
  const agent = agents.get(state);
  if (!agent) throw new Error(`There is no agent that is ${state}.`);
  return agent;
};

/** Its scopes and its tools over MCP are all it could have: what is left are the wire and the grant. */
async function addAgent(state: State, name = state.replaceAll(",", "")): Promise<TestAgent> {
  const { wire, grant }: { wire?: string; grant?: object } = states[state];
  const graph = agentWorkflow([{ tool: "vault_totp", arguments: { name: "service" } }, { say: "Done." }]);
  if (wire !== undefined) {
    graph.nodes.push(node("totp", "vault_totp", { entry: wire, reveal: "value" }));
    graph.edges.push(toolEdge("totp"));
  }
  const slug = await server.addWorkflow(graph, name);
  const { api_key: key, username } = (await server.call(slug, "create")).body;
  const { scopes } = (await server.api("GET", `/agent-users/${username}`)).body;
  await server.api("PATCH", `/agent-users/${username}`, {
    scopes: [...scopes, "vault:open", "vault:backup", "vault:delete"],
    mcp_tools: ["vault_totp", "vault_get"],
  });
  if (grant)
    await server.api("PUT", `/vault/entries/${entryId}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["codes", "data"],
      ...grant,
    });
  const { totp_code: code } = (await server.call(slug, "code")).body;
  const session = (await server.send("POST", "/api/v1/auth/session", { api_key: key, code })).body.token;
  const { token } = (await server.api("POST", "/mcp-tokens", { agent_user: username })).body;
  return { slug, username, key, session, token };
}

beforeAll(async () => {
  server = await startTestServer();
  const entry = { name: "service", one_time: { secret: seed }, data: { password } };
  entryId = (await server.api("POST", "/vault/entries", entry)).body.id;
  await server.api("POST", "/vault/entries", { ...entry, name: "other" });
  for (const state of Object.keys(states) as State[]) agents.set(state, await addAgent(state));
});
afterAll(() => server.stop());

interface Reached {
  readonly code: unknown;
  readonly data: unknown;
}

async function overHttp(key: string): Promise<Reached> {
  const bearer = { authorization: `Bearer ${key}` };
  const get = async (path: string) => (await server.send("GET", path, undefined, bearer)).body;
  const own = await get(`/api/v1/vault/entries/${entryId}/code`);
  const data = await get(`/api/v1/vault/entries/${entryId}/data`);
  // The public APIs of others go by the same rule.
  const [v0, v2] = [await get("/v0/vault/service/totp"), await get(`/api/v2/totp/code/${entryId}`)];
  for (const other of [v0.code, v2.code ?? v2.totp?.code ?? v2.totp_code])
    expect(/^\d{6}$/.test(String(other)), "the public APIs").toBe(/^\d{6}$/.test(own.code));
  const opened = await get("/v0/vault/service");
  expect(opened.data?.password).toBe(data.data?.password);
  return { code: own.code, data: data.data?.password };
}

async function overMcp(door: { key: string } | { token: string }): Promise<Reached> {
  const { call } = await connectMcp(server, door);
  const code = (await call("vault_totp", { name: "service" })).body;
  const data = (await call("vault_get", { name: "service" })).body;
  return { code: code.code ?? code.totp_code, data: data.data?.password };
}

async function inRun(slug: string): Promise<Reached> {
  const { id } = (await server.api("POST", `/workflows/${slug}/runs`, { input: "go" })).body;
  // A script that calls a tool which is not there ends as failed.
  await expect
    .poll(async () => (await server.api("GET", `/runs/${id}`)).body.finished_at, { timeout: 20_000 })
    .not.toBeNull();
  const events = await server.database.kysely
    .selectFrom("run_event")
    .select("data")
    .where("run_id", "=", id)
    .where("type", "=", "tool.finished")
    .execute();
  const result = events.map(({ data }) => data as { result?: { success?: boolean } })[0]?.result;
  // The stored result shows the code masked.
  return { code: result?.success === true ? "123456" : undefined, data: undefined };
}

const reach: Readonly<Record<Way, (agent: TestAgent) => Promise<Reached>>> = {
  runner: ({ slug }) => inRun(slug),
  "HTTP with its key": ({ key }) => overHttp(key),
  "MCP header": ({ key }) => overMcp({ key }),
  "MCP address": ({ token }) => overMcp({ token }),
  session: ({ session }) => overHttp(session),
};

const judge = async (state: State, way: Way) => {
  const { code, data } = await reach[way](agentOf(state));
  return { codes: /^\d{6}$/.test(String(code)), data: data === password };
};

describe("H13: an agent and a vault entry", () => {
  it.each(
    (Object.keys(states) as State[]).flatMap((state) =>
      ways.map((way) => ({
        state,
        way,
        codes: table[state].codes.includes(way),
        data: table[state].data.includes(way),
      })),
    ),
  )("H13: $state, by $way: codes $codes, data $data", async ({ state, way, codes, data }) => {
    expect(await judge(state, way)).toEqual({ codes, data });
  });

  it("H13: a wire that is cut stops the agent at once, whatever it holds", async () => {
    const { slug } = agentOf("both");
    const { version, nodes, edges } = (await server.api("GET", `/workflows/${slug}`)).body;
    const cut = {
      version,
      nodes: nodes.filter(({ id }: { id: string }) => id !== "totp"),
      edges: edges.filter(({ source }: { source: string }) => source !== "totp"),
    };
    expect((await server.api("PUT", `/workflows/${slug}`, cut)).status).toBe(200);
    for (const way of ways) expect(await judge("both", way), way).toEqual({ codes: false, data: false });
    const refused = await server.as(agentOf("both").key)("GET", `/vault/entries/${entryId}/code`);
    expect(refused.body).toMatchObject({
      code: "FORBIDDEN",
      title: expect.stringContaining("Wire Vault TOTP"),
    });
  });

  it("H13: a wire gives the agent's own key codes, and no other right of the grant", async () => {
    const { slug, username, key, session, token } = await addAgent("both", "every right");
    const made = await server.api("POST", "/vault/entries", {
      name: "all",
      one_time: { secret: seed },
      data: { password },
      backup_codes: ["aaaa-1111", "bbbb-2222"],
    });
    expect(made.status, made.text).toBe(201);
    const path = `/vault/entries/${made.body.id}`;
    const wired = (await server.api("GET", `/workflows/${slug}`)).body;
    for (const one of wired.nodes) if (one.id === "totp") one.data.config.entry = "all";
    expect((await server.api("PUT", `/workflows/${slug}`, wired)).status).toBe(200);
    const grant = (outside_canvas: boolean) =>
      server.api("PUT", `${path}/grants`, {
        grantee: { kind: "agent_user", name: username },
        rights: ["codes", "backup", "data", "manage"],
        outside_canvas,
      });
    await grant(false);
    const replaced = { one_time: { secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } };
    expect((await server.as(session)("GET", path)).body).toMatchObject({ rights: ["codes"] });
    for (const as of [server.as(key), server.as(session)]) {
      expect((await as("GET", `${path}/code`)).body.code).toMatch(/^\d{6}$/);
      const refused = [
        await as("GET", `${path}/data`),
        await as("POST", `${path}/backup-code`),
        await as("PUT", `${path}/secret`, replaced),
        await as("PATCH", path, { name: "renamed" }),
        await as("DELETE", path),
      ];
      for (const { status, text } of refused) {
        expect([status, text]).toEqual([403, expect.stringContaining("outside")]);
        expect(text).not.toContain(password);
      }
    }
    const { call } = await connectMcp(server, { token });
    expect(JSON.stringify((await call("vault_get", { name: "all" })).body)).not.toContain(password);
    await grant(true);
    expect((await server.as(key)("GET", `${path}/data`)).body.data).toEqual({ password });
    expect((await server.as(key)("POST", `${path}/backup-code`)).status).toBe(200);
  });

  it("H13: what an agent stored itself stays its own, with its key and without a wire", async () => {
    const { key } = agentOf("neither");
    const as = server.as(key);
    const own = (
      await as("POST", "/vault/entries", { name: "own", one_time: { secret: seed }, data: { password } })
    ).body.id;
    expect((await as("GET", `/vault/entries/${own}/code`)).body.code).toMatch(/^\d{6}$/);
    expect((await as("GET", `/vault/entries/${own}/data`)).body.data).toEqual({ password });
  });

  it("H13: only a grant to an agent user can reach outside its canvas", async () => {
    const made = await server.api("POST", "/keys", { name: "program", scopes: ["codes:read"] });
    expect(made.status).toBe(201);
    const set = await server.api("PUT", `/vault/entries/${entryId}/grants`, {
      grantee: { kind: "service_key", name: "program" },
      rights: ["codes"],
      outside_canvas: true,
    });
    expect(set.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "outside_canvas" }] });
  });
});
