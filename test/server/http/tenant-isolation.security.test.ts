import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { agentWorkflow, node } from "../../support/build-workflow.ts";
import { codeIn } from "../../support/dialect-problem.ts";
import { hostClient } from "../../support/host-calls.ts";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let routes: ApiRoute[];
/** Everything workspace B has a name for, and how its own administrator asks. */
let b: {
  admin: string;
  values: Record<string, Record<string, string>>;
  ids: string[];
  slug: string;
  username: string;
};
let agentOfA: { key: string; session: string };

const twoAgents = () => {
  const graph = agentWorkflow();
  graph.nodes.push(node("reader", "agent"), node("model2", "ai_model", { steps: [{ say: "x" }] }));
  graph.edges.push(
    {
      id: "e1",
      source: "create",
      target: "reader",
      sourceHandle: "sub-source",
      targetHandle: "tools",
      label: "tool",
    },
    {
      id: "e2",
      source: "model2",
      target: "reader",
      sourceHandle: "sub-source",
      targetHandle: "model",
      label: "llm",
    },
  );
  return graph;
};

beforeAll(async () => {
  server = await startTestServer();
  routes = await openApiRoutes(server);
  const admin: string = (await server.api("POST", "/workspaces", { name: "b" })).body.key;
  const asB = server.as(admin);
  const slug: string = (await asB("POST", "/workflows", { name: "Tenant B only", ...twoAgents() })).body.slug;
  const call = (id: string, caller: string) =>
    asB("POST", `/workflows/${slug}/nodes/${id}/call`, { caller_node_id: caller });
  const username: string = (await call("create", "agent")).body.username;
  const reader: string = (await call("create", "reader")).body.username;
  await asB("POST", `/agent-users/${username}/grants`, { reader });
  const run: string = (await asB("POST", `/workflows/${slug}/runs`, {})).body.id;
  const serviceKey: string = (await asB("POST", "/keys", { name: "key of b", scopes: ["codes:read"] })).body
    .id;
  const modelKey = { name: "model key of b", provider: "openai", key: "x" };
  await asB("POST", "/model-keys", modelKey);
  const entries: string[] = [];
  for (const name of ["entry of b", "entry of b by v2", "entry of b by v0"])
    entries.push(
      (await asB("POST", "/vault/entries", { name, one_time: {}, backup_codes: ["one", "two"] })).body.id,
    );
  const reading = (await asB("POST", "/keys", { name: "reader of b", scopes: ["vault:read"] })).body;
  await asB("PUT", `/vault/entries/${entries[0]}/grants`, {
    grantee: { kind: "service_key", name: "reader of b" },
    rights: ["codes"],
    policy: { decision: "approve" },
  });
  await server.as(reading.key)("GET", `/vault/entries/${entries[0]}/code`);
  const approval: string = (await asB("GET", "/approvals")).body.approvals[0].id;
  const token: string = (await asB("POST", "/mcp-tokens", { service_key: "key of b" })).body.id;
  await asB("POST", "/inbox/mailboxes", { address: "desk@b.example" });
  const mailbox: string = (await asB("GET", "/inbox/mailboxes")).body.mailboxes[0].id;
  const push = async (content: string): Promise<string> => {
    const body = { totp_identifier: "desk@b.example", content };
    const { body: pushed } = await server.send("POST", "/v1/credentials/totp", body, { "x-api-key": admin });
    return pushed.totp_code_id;
  };
  const message = await push("Welcome to Tenant B");
  const messageForV0 = await push("Welcome to Tenant B once more");
  const waiting = asB("POST", "/inbox/wait", { address: "desk@b.example", timeout_seconds: 300 });
  const wait: string = await vi.waitFor(
    async () => (await asB("GET", "/inbox/waits")).body.waits[0].id,
    10_000,
  );
  endWait = async () => {
    await asB("DELETE", `/inbox/waits/${wait}`);
    await waiting;
  };
  const source: string = (await asB("POST", "/inbox/sources", { kind: "webhook", name: "source of b" })).body
    .id;
  const hostKeyOfB = (await asB("POST", "/keys", { name: "host of b", scopes: ["hosts:call"] })).body;
  await hostClient({ as: server.as }, hostKeyOfB.key)("create_agent_user", { name: "Host flow of b" });
  const hostWorkflow: string = (await asB("GET", "/host-workflows")).body.workflows[0].id;
  b = {
    admin,
    slug,
    username,
    ids: [
      slug,
      username,
      reader,
      run,
      serviceKey,
      modelKey.name,
      ...entries,
      approval,
      token,
      source,
      "source of b",
      "entry of b by v0",
      mailbox,
      message,
      messageForV0,
      wait,
      hostWorkflow,
      "host-flow-of-b",
    ],
    values: {
      "/api/v1/workflows/{slug}/nodes/{id}/call": { slug, id: "code" },
      "/api/v1/workflows/{slug}/agents/{id}/prove": { slug, id: "agent" },
      "/api/v1/workflows/": { slug, version: "1" },
      "/api/v1/runs/": { id: run },
      "/api/v1/agent-users/": { username },
      "/api/v1/host-workflows/": { id: hostWorkflow },
      "/api/v1/keys/": { id: serviceKey },
      "/api/v1/model-keys/": { name: modelKey.name },
      "/api/v1/approvals/": { id: approval },
      "/api/v1/vault/entries/": { id: entries[0] ?? "" },
      "/api/v1/mcp-tokens/": { id: token },
      "/api/v1/inbox/mailboxes/": { id: mailbox },
      "/api/v1/inbox/messages/": { id: message },
      "/api/v1/inbox/waits/": { id: wait },
      "/api/v1/inbox/sources/": { id: source },
      "/api/v2/totp/": { id: entries[1] ?? "" },
      "/v0/messages/": { id: messageForV0 },
      "/v0/threads/": { id: messageForV0 },
      "/v0/vault/": { name: "entry of b by v0" },
    },
  };
  const own = await server.addWorkflow(agentWorkflow(), "Tenant A");
  const key: string = (await server.call(own, "create")).body.api_key;
  const { totp_code } = (await server.call(own, "code")).body;
  const session = (await server.send("POST", "/api/v1/auth/session", { api_key: key, code: totp_code })).body
    .token;
  agentOfA = { key, session };
});
let endWait = async (): Promise<void> => {};
afterAll(async () => {
  await endWait();
  await server.stop();
});

const bodies: Record<string, () => object> = {
  "PATCH /api/v1/agent-users/{username}": () => ({ scopes: ["codes:read"] }),
  "POST /api/v1/inbox/waits/{id}/answer": () => ({ code: "123456" }),
  "PUT /api/v1/model-keys/{name}": () => ({ key: "another key" }),
  "PUT /api/v1/workflows/{slug}": () => ({ version: 1, nodes: [], edges: [] }),
  "POST /api/v1/workflows/{slug}/nodes/{id}/call": () => ({ caller_node_id: "agent" }),
  "PUT /api/v1/vault/entries/{id}/secret": () => ({ one_time: {} }),
  "PUT /api/v1/vault/entries/{id}/grants": () => ({
    grantee: { kind: "agent_user", name: b.ids[2] },
    rights: ["codes"],
  }),
  "PUT /api/v1/vault/entries/{id}/ask": () => ({ ask: null }),
  "PUT /api/v1/agent-users/{username}/ask": () => ({ ask: null }),
  "POST /api/v1/agent-users/{username}/verify": () => ({ code: "123456" }),
  "POST /api/v1/agent-users/{username}/grants": () => ({ reader: b.ids[2] }),
  "DELETE /api/v1/agent-users/{username}/grants": () => ({ reader: b.ids[2] }),
};
/** What makes something of one's own under a name, whoever else has that name. */
const makesOwn = "PUT /v0/vault/{name}";
/** A token in the address is a key and no id: test/server/mcp/mcp-tokens.security.test.ts. */
const hasToken = "/mcp/{token}";
/** A signature opens these, and to everybody else every id is alike: test/server/inbox/sources. */
const isSigned = "/hooks/";
const withIds = () =>
  routes.filter(
    ({ path, name }) =>
      path.includes("{") && name !== makesOwn && path !== hasToken && !path.startsWith(isSigned),
  );
const send = (route: ApiRoute, key: string) => {
  const [, values = {}] = Object.entries(b.values).find(([prefix]) => route.path.startsWith(prefix)) ?? [];
  const body = bodies[route.name]?.() ?? (route.body ? {} : undefined);
  return server.send(route.method, addressOf(route.path, values), body, { authorization: `Bearer ${key}` });
};

describe("D10: two workspaces on one server", () => {
  it("lists nothing of B to A, in lists, in the audit log or in an error", async () => {
    for (const route of routes.filter(({ method, path }) => method === "GET" && !path.includes("{"))) {
      const { text } = await server.send("GET", route.path, undefined, {
        authorization: `Bearer ${server.adminKey}`,
      });
      for (const id of b.ids) expect(text.includes(`"${id}"`), `${route.name} ${id}`).toBe(false);
    }
  });

  it("answers 404 to A's administrator for every id of B on every route", async () => {
    expect(withIds().length).toBeGreaterThan(18);
    for (const route of withIds()) {
      const { status, body } = await send(route, server.adminKey);
      expect({ route: route.name, status, code: codeIn(body) }).toMatchObject({
        status: 404,
        code: expect.stringMatching(/NOT_FOUND$/),
      });
    }
  });

  it("answers an agent of A for ids of B as for ids that do not exist", async () => {
    for (const route of withIds())
      for (const key of [agentOfA.key, agentOfA.session]) {
        const theirs = await send(route, key);
        const nowhere = await server.send(
          route.method,
          addressOf(route.path, { id: "3d3e2f0a-0000-4000-8000-000000000000" }),
          bodies[route.name]?.() ?? (route.body ? {} : undefined),
          { authorization: `Bearer ${key}` },
        );
        expect([403, 404]).toContain(theirs.status);
        expect({ ...theirs.body, instance: "" }).toEqual({ ...nowhere.body, instance: "" });
      }
  });

  it("lets A's agent neither read, verify nor be granted a code of B", async () => {
    const asA = server.as(agentOfA.session);
    const asked = await asA("POST", "/workflows/tenant-a/nodes/code/call", {
      arguments: { username: b.username },
    });
    expect(asked.body).toMatchObject({ status: 403, code: "FORBIDDEN" });
    const asB = server.as(b.admin);
    const grant = await asB("POST", `/agent-users/${b.username}/grants`, { reader: "agent_tenant-a_agent" });
    expect(grant.body).toMatchObject({ status: 404, code: "AGENT_USER_NOT_FOUND" });
  });

  it("lets only the server's own administrator make workspaces", async () => {
    expect((await server.as(b.admin)("POST", "/workspaces", { name: "c" })).body.code).toBe("FORBIDDEN");
  });

  it("leaves everything of B as it was, and answers B's own administrator on every route", async () => {
    const asB = server.as(b.admin);
    expect((await asB("GET", `/agent-users/${b.username}`)).body).toMatchObject({
      disabled: false,
      locked_until: null,
    });
    expect((await asB("GET", `/workflows/${b.slug}`)).body.version).toBe(1);
    // What removes things goes last (saving an empty canvas removes its agents), and a workflow is restored only after it was removed.
    const rank = ({ method, path }: ApiRoute) =>
      path.endsWith("/restore")
        ? 3
        : method === "DELETE" && /\{slug\}$|\/vault\/|\/mailboxes\//.test(path)
          ? 2
          : method === "DELETE" || method === "PUT"
            ? 1
            : 0;
    for (const route of withIds().toSorted((left, right) => rank(left) - rank(right)))
      expect({ route: route.name, status: (await send(route, b.admin)).status }).not.toMatchObject({
        status: 404,
      });
  });
});
