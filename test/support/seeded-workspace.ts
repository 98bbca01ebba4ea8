import { vi } from "vitest";
import { agentWorkflow, node } from "./build-workflow.ts";
import { hostClient } from "./host-calls.ts";
import { type ApiRoute, addressOf } from "./openapi-routes.ts";
import { random } from "./seeded-random.ts";
import { newKeyPair } from "./signed-client.ts";
import type { TestServer } from "./start-test-server.ts";

/** A workspace beside the server's own that has something of every kind. */
export interface SeededWorkspace {
  readonly id: string;
  /** Its administrator's key. */
  readonly admin: string;
  readonly slug: string;
  readonly username: string;
  /** All names and ids that another workspace must not learn. */
  readonly ids: readonly string[];
  /** The address of a route with these ids. */
  readonly address: (route: ApiRoute) => string;
  /** A body that the route takes. */
  readonly body: (route: ApiRoute) => object | undefined;
  readonly end: () => Promise<void>;
}

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

/** Adds one named "b". */
export async function seedWorkspace(server: TestServer): Promise<SeededWorkspace> {
  const { id: workspaceId, key: admin } = (await server.api("POST", "/workspaces", { name: "b" })).body;
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
  const proxyCredential: string = (await asB("POST", "/proxy-credentials", { agent_user: username })).body.id;
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
  const endWait = async () => {
    await asB("DELETE", `/inbox/waits/${wait}`);
    await waiting;
  };
  const source: string = (await asB("POST", "/inbox/sources", { kind: "webhook", name: "source of b" })).body
    .id;
  const hostKeyOfB = (await asB("POST", "/keys", { name: "host of b", scopes: ["hosts:call"] })).body;
  await hostClient({ as: server.as }, hostKeyOfB.key)("create_agent_user", { name: "Host flow of b" });
  const hostWorkflow: string = (await asB("GET", "/host-workflows")).body.workflows[0].id;
  const installation: string = (await asB("GET", "/host-installations")).body.installations[0].id;
  const keyPair = random.uuid();
  await server.database.kysely
    .insertInto("host_key_pair")
    .values({
      id: keyPair,
      installation_id: installation,
      public_key: newKeyPair().publicKey,
      enrolled_at: new Date("2026-01-01T00:00:00Z"),
    })
    .execute();
  const issuer = random.uuid();
  const rule = random.uuid();
  const made = { workspace_id: workspaceId, revision: 1, created_at: new Date("2026-01-01T00:00:00Z") };
  // Only people write these.
  await server.database.kysely
    .insertInto("trusted_issuer")
    .values({
      ...made,
      id: issuer,
      name: "issuer of b",
      kind: "oidc",
      issuer: "https://b.example",
      max_age: 60,
    })
    .execute();
  const conditions = [{ claim: "sub", matches: "robot" }];
  await server.database.kysely
    .insertInto("workload_rule")
    .values({
      ...made,
      id: rule,
      name: "rule of b",
      issuer_id: issuer,
      audience: "b",
      conditions: JSON.stringify(conditions),
      service_key_id: serviceKey,
      token_seconds: 60,
    })
    .execute();
  const invited = { email: "invited@b.example", roles: ["auditor"] };
  const invitation: string = (await asB("POST", "/people/invitations", invited)).body.id;
  const present = { name: "Bea of b", email: "bea@b.example", roles: ["auditor"] };
  const person: string = (await asB("POST", "/people", present)).body.id;

  const ids = [
    invitation,
    person,
    present.name,
    slug,
    username,
    reader,
    run,
    serviceKey,
    modelKey.name,
    ...entries,
    approval,
    token,
    proxyCredential,
    source,
    "source of b",
    "entry of b by v0",
    mailbox,
    message,
    messageForV0,
    wait,
    hostWorkflow,
    installation,
    keyPair,
    issuer,
    rule,
    "issuer of b",
    "rule of b",
    "host-flow-of-b",
  ];
  const values: Record<string, Record<string, string>> = {
    "/api/v1/people/invitations/": { id: invitation },
    "/api/v1/people/me/": { id: "3d3e2f0a-0000-4000-8000-000000000001" },
    "/api/v1/people/": { id: person },
    "/api/v1/workflows/{slug}/nodes/{id}/call": { slug, id: "code" },
    "/api/v1/workflows/{slug}/agents/{id}/prove": { slug, id: "agent" },
    "/api/v1/workflows/": { slug, version: "1" },
    "/api/v1/runs/": { id: run },
    "/api/v1/agent-users/": { username },
    "/api/v1/host-workflows/": { id: hostWorkflow },
    "/api/v1/host-installations/": { id: installation },
    "/api/v1/host-key-pairs/": { id: keyPair },
    "/api/v1/workload-identity/issuers/": { id: issuer },
    "/api/v1/workload-identity/rules/": { id: rule },
    "/api/v1/keys/": { id: serviceKey },
    "/api/v1/model-keys/": { name: modelKey.name },
    "/api/v1/approvals/": { id: approval },
    "/api/v1/vault/entries/": { id: entries[0] ?? "" },
    "/api/v1/mcp-tokens/": { id: token },
    "/api/v1/proxy-credentials/": { id: proxyCredential },
    "/api/v1/inbox/mailboxes/": { id: mailbox },
    "/api/v1/inbox/messages/": { id: message },
    "/api/v1/inbox/waits/": { id: wait },
    "/api/v1/inbox/sources/": { id: source },
    "/api/v2/totp/": { id: entries[1] ?? "" },
    "/v0/messages/": { id: messageForV0 },
    "/v0/threads/": { id: messageForV0 },
    "/v0/vault/": { name: "entry of b by v0" },
  };
  const bodies: Record<string, object> = {
    "PUT /api/v1/workload-identity/issuers/{id}": {
      name: "issuer of b",
      kind: "oidc",
      issuer: "https://b.example",
      jwks: { keys: [{ kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] },
    },
    "PUT /api/v1/workload-identity/rules/{id}": {
      name: "rule of b",
      issuer_id: issuer,
      audience: "b",
      conditions,
      target: { service_key: "key of b" },
    },
    "PATCH /api/v1/people/{id}": { roles: ["builder"] },
    "PATCH /api/v1/host-installations/{id}": { requires_signature: true },
    "POST /api/v1/host-key-pairs/{id}/confirm": { fingerprint: "0000" },
    "PUT /api/v1/model-keys/{name}": { key: "y" },
    "POST /api/v1/approvals/{id}": { decision: "deny" },
    "POST /api/v1/mcp-tokens": { agent_user: username },
    "POST /api/v1/proxy-credentials": { agent_user: username },
    "POST /api/v1/inbox/wait": { timeout_seconds: 0 },
    "PATCH /api/v1/agent-users/{username}": { scopes: ["codes:read"] },
    "POST /api/v1/inbox/waits/{id}/answer": { code: "123456" },
    "PUT /api/v1/workflows/{slug}": { version: 1, nodes: [], edges: [] },
    "POST /api/v1/workflows/{slug}/nodes/{id}/call": { caller_node_id: "agent" },
    "PUT /api/v1/vault/entries/{id}/secret": { one_time: {} },
    "PUT /api/v1/vault/entries/{id}/grants": {
      grantee: { kind: "agent_user", name: reader },
      rights: ["codes"],
    },
    "PUT /api/v1/vault/entries/{id}/ask": { ask: null },
    "PUT /api/v1/agent-users/{username}/ask": { ask: null },
    "POST /api/v1/agent-users/{username}/verify": { code: "123456" },
    "POST /api/v1/agent-users/{username}/grants": { reader: reader },
    "DELETE /api/v1/agent-users/{username}/grants": { reader: reader },
  };

  return {
    id: workspaceId,
    admin,
    slug,
    username,
    ids,
    address: ({ path }) => {
      const [, own = {}] = Object.entries(values).find(([prefix]) => path.startsWith(prefix)) ?? [];
      return addressOf(path, own);
    },
    body: (route) => bodies[route.name] ?? (route.body ? {} : undefined),
    end: endWait,
  };
}
