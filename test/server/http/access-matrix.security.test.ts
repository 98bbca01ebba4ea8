import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scope, scopes } from "../../../plugin/api/scopes.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { codeIn } from "../../support/dialect-problem.ts";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

interface Access {
  /** One of these scopes is enough, unless `needsAll`; no key at all opens what a token in the address does. */
  readonly may: "public" | "anyone" | "token" | readonly Scope[];
  readonly needsAll?: true;
  readonly agent?: "key" | "session";
  /** This very scope: an administrator's does not include it. */
  readonly host?: true;
  /** An agent needs no scope here: it reaches what is its own. */
  readonly agentsOwn?: true;
}
const read: Access = { may: ["workflows:read"] };
const write: Access = { may: ["workflows:write"] };
const admin: Access = { may: ["admin"] };
const open: Access = { may: "public" };
const ownOrAdmin: Access = { may: ["admin"], agent: "key", agentsOwn: true };
/** What is a person's own, a program has not. */
const peopleOnly: Access = { may: "token" };
/** A signature opens it, and no key does. */
const signed: Access = { may: "token" };
const mcp: Access = { may: "anyone", agent: "key" };
const vaultRead: Access = { may: ["vault:read"], agent: "key" };
const vaultWrite: Access = { may: ["vault:write"], agent: "key" };
const mailRead: Access = { may: ["mail:read"] };
const mailManage: Access = { may: ["mail:manage"] };
const mailCodes: Access = { may: ["codes:read", "mail:read"], agent: "key" };
const vaultCodes: Access = { may: ["vault:read", "codes:read"], agent: "key" };

/** Who may do what, written down a second time: a change of either side is a decision, not a slip. */
const expected: Record<string, Access> = {
  "POST /api/v1/host-calls": { may: ["hosts:call"], host: true },
  "GET /api/v1/host-workflows": { may: ["hosts:call"] },
  "DELETE /api/v1/host-workflows/{id}": { may: ["hosts:call"] },
  "POST /api/v1/host-workflows/{id}/restore": { may: ["hosts:call"] },
  "GET /livez": open,
  "GET /readyz": open,
  "POST /api/v1/auth/session": open,
  "POST /api/v1/auth/sign-in": open,
  // The cookie of a session from before there were proofs opens it.
  "POST /api/v1/auth/claim": { may: "token" },
  "DELETE /api/v1/auth/sign-in": { may: "anyone" },
  "GET /api/v1/whoami": { may: "anyone", agent: "key" },
  "GET /api/v1/node-types": { may: "anyone", agent: "key" },
  "GET /api/v1/workflows": { ...read, agent: "session" },
  "POST /api/v1/workflows": write,
  "GET /api/v1/workflows/{slug}": { ...read, agent: "session" },
  "GET /api/v1/workflows/{slug}/versions/{version}": { may: ["workflows:read", "runs:write"] },
  "GET /api/v1/workflows/{slug}/identities": read,
  "PUT /api/v1/workflows/{slug}": write,
  "DELETE /api/v1/workflows/{slug}": write,
  "POST /api/v1/workflows/{slug}/restore": write,
  "POST /api/v1/workflows/{slug}/validate": { ...read, agent: "session" },
  "POST /api/v1/workflows/{slug}/nodes/{id}/call": {
    may: ["runs:write", "codes:read"],
    needsAll: true,
    agent: "key",
  },
  "POST /api/v1/workflows/{slug}/agents/{id}/prove": { may: ["runs:write", "codes:read"], needsAll: true },
  "POST /api/v1/workflows/{slug}/runs": { may: ["runs:write"] },
  "GET /api/v1/workflows/{slug}/runs": { may: ["workflows:read", "runs:write"] },
  "GET /api/v1/runs/{id}": { may: ["workflows:read", "runs:write"] },
  "GET /api/v1/runs/{id}/events": { may: ["workflows:read", "runs:write"] },
  "POST /api/v1/runs/{id}/cancel": { may: ["runs:write"] },
  "GET /api/v1/agent-users": { ...read, agent: "key" },
  "GET /api/v1/agent-users/{username}": { ...read, agent: "key" },
  "PATCH /api/v1/agent-users/{username}": admin,
  "POST /api/v1/agent-users/{username}/verify": { may: ["codes:read"], agent: "key" },
  "POST /api/v1/agent-users/{username}/code": { may: ["codes:read"] },
  "POST /api/v1/agent-users/{username}/disable": admin,
  "POST /api/v1/agent-users/{username}/enable": admin,
  "POST /api/v1/agent-users/{username}/rotate-key": admin,
  "GET /api/v1/agent-users/{username}/grants": admin,
  "POST /api/v1/agent-users/{username}/grants": admin,
  "DELETE /api/v1/agent-users/{username}/grants": admin,
  "GET /api/v1/keys": admin,
  "POST /api/v1/keys": admin,
  "DELETE /api/v1/keys/{id}": admin,
  "POST /api/v1/workspaces": admin,
  "GET /api/v1/model-keys": { may: ["workflows:read", "workflows:write"] },
  "POST /api/v1/model-keys": write,
  "DELETE /api/v1/model-keys/{name}": write,
  "GET /api/v1/audit-events": { may: ["audit:read"] },
  "POST /api/v1/inbox/readings": { may: ["mail:read"], agent: "key" },
  "GET /api/v1/vault/entries": vaultRead,
  "POST /api/v1/vault/entries": vaultWrite,
  "GET /api/v1/vault/entries/{id}": vaultRead,
  "GET /api/v1/vault/entries/{id}/data": vaultRead,
  "PATCH /api/v1/vault/entries/{id}": vaultWrite,
  "DELETE /api/v1/vault/entries/{id}": vaultWrite,
  "GET /api/v1/vault/entries/{id}/code": vaultCodes,
  "POST /api/v1/vault/entries/{id}/backup-code": vaultCodes,
  "PUT /api/v1/vault/entries/{id}/secret": vaultWrite,
  "POST /api/v1/vault/entries/{id}/restore-secret": admin,
  "POST /api/v1/vault/entries/{id}/confirm": vaultWrite,
  "GET /api/v1/vault/entries/{id}/grants": vaultWrite,
  "PUT /api/v1/vault/entries/{id}/grants": vaultWrite,
  "POST /api/v1/vault/import/preview": vaultWrite,
  "POST /api/v1/vault/import": vaultWrite,
  "GET /api/v1/approvals": { may: "anyone" },
  "GET /api/v1/approvals/{id}": { may: "anyone" },
  "POST /api/v1/approvals/{id}": peopleOnly,
  "GET /api/v1/vault/entries/{id}/ask": { may: ["vault:write", "lists:read"] },
  "PUT /api/v1/vault/entries/{id}/ask": { may: ["vault:write"] },
  "GET /api/v1/agent-users/{username}/ask": { may: ["agent_users:manage", "lists:read"] },
  "PUT /api/v1/agent-users/{username}/ask": { may: ["agent_users:manage"] },
  "POST /api/v1/handles/redeem": { may: ["codes:read"], agent: "key" },
  "GET /api/v1/auth/second-step": peopleOnly,
  "POST /api/v1/auth/second-step": peopleOnly,
  "POST /api/v1/auth/second-step/confirm": peopleOnly,
  "DELETE /api/v1/auth/second-step": peopleOnly,
  "GET /api/v1/vault/entries/{id}/qr": admin,
  "GET /api/v1/inbox/messages": { ...mailRead, agent: "key" },
  "GET /api/v1/inbox/messages/{id}": { ...mailRead, agent: "key" },
  "PATCH /api/v1/inbox/messages/{id}": { ...mailManage, agent: "key" },
  "DELETE /api/v1/inbox/messages/{id}": { ...mailManage, agent: "key" },
  "POST /api/v1/inbox/messages/{id}/reread": {
    may: ["mail:manage", "mail:read"],
    needsAll: true,
    agent: "key",
  },
  "POST /api/v1/inbox/wait": mailCodes,
  "GET /api/v1/inbox/waits": mailRead,
  "GET /api/v1/inbox/waits/{id}": mailRead,
  "POST /api/v1/inbox/waits/{id}/answer": mailManage,
  "DELETE /api/v1/inbox/waits/{id}": mailManage,
  "GET /api/v1/inbox/second-opinion": admin,
  "PUT /api/v1/inbox/second-opinion": admin,
  "GET /api/v1/inbox/mailboxes": { ...mailRead, agent: "key" },
  "POST /api/v1/inbox/mailboxes": mailManage,
  "PATCH /api/v1/inbox/mailboxes/{id}": mailManage,
  "DELETE /api/v1/inbox/mailboxes/{id}": mailManage,
  "POST /v1/credentials/totp": { ...mailManage, agent: "key" },
  "GET /v1/credentials/totp": mailCodes,
  "POST /api/v2/totp/secrets": vaultWrite,
  "GET /api/v2/totp/secrets": vaultRead,
  "DELETE /api/v2/totp/secrets/{id}": vaultWrite,
  "GET /api/v2/totp/code/{id}": vaultCodes,
  "GET /v0/vault": vaultRead,
  "POST /v0/vault": vaultWrite,
  "PUT /v0/vault/{name}": vaultWrite,
  "GET /v0/vault/{name}": vaultRead,
  "DELETE /v0/vault/{name}": vaultWrite,
  "GET /v0/vault/{name}/totp": vaultCodes,
  "POST /v0/vault/{name}/totp/backup": vaultCodes,
  "GET /v0/messages": { ...mailRead, agent: "key" },
  "GET /v0/messages/{id}": { ...mailRead, agent: "key" },
  "PATCH /v0/messages/{id}": { ...mailManage, agent: "key" },
  "DELETE /v0/messages/{id}": { ...mailManage, agent: "key" },
  "GET /v0/threads": { ...mailRead, agent: "key" },
  "GET /v0/threads/{id}": { ...mailRead, agent: "key" },
  "GET /v0/whoami": { may: "anyone", agent: "key" },
  "GET /v0/logs": { may: "anyone", agent: "key" },
  "GET /v0/logs/stats": { may: "anyone", agent: "key" },
  "GET /api/v1/inbox/sources": mailManage,
  "POST /api/v1/inbox/sources": mailManage,
  "PATCH /api/v1/inbox/sources/{id}": mailManage,
  "DELETE /api/v1/inbox/sources/{id}": mailManage,
  "POST /hooks/sms/{sourceId}": signed,
  "POST /hooks/inbox/{sourceId}": signed,
  "GET /api/v1/mcp-tokens": ownOrAdmin,
  "POST /api/v1/mcp-tokens": ownOrAdmin,
  "DELETE /api/v1/mcp-tokens/{id}": ownOrAdmin,
  "GET /mcp": mcp,
  "POST /mcp": mcp,
  "DELETE /mcp": mcp,
  "GET /mcp/{token}": { may: "token" },
  "POST /mcp/{token}": { may: "token" },
  "DELETE /mcp/{token}": { may: "token" },
};

let server: TestServer;
let routes: ApiRoute[];
const keys = new Map<Scope, string>();
const agent = { key: "", session: "" };

beforeAll(async () => {
  server = await startTestServer();
  routes = await openApiRoutes(server);
  for (const scope of scopes) {
    const made = await server.api("POST", "/keys", {
      name: `only ${scope}`.replace(":", " "),
      scopes: [scope],
    });
    keys.set(scope, made.body.key);
  }
  const slug = await server.addWorkflow(agentWorkflow(), "Matrix");
  agent.key = (await server.call(slug, "create")).body.api_key;
  const { totp_code } = (await server.call(slug, "code")).body;
  agent.session = (
    await server.send("POST", "/api/v1/auth/session", { api_key: agent.key, code: totp_code })
  ).body.token;
});
afterAll(() => server.stop());

/** Where a body that says nothing is no harm, but a long wait. */
const quick: Record<string, object> = { "POST /api/v1/inbox/wait": { timeout_seconds: 0 } };

/** Asks for something that is not there, with a body that says nothing: what is allowed does no harm. */
const ask = (route: ApiRoute, key?: string) =>
  server.send(
    route.method,
    addressOf(route.path, { id: random.uuid() }),
    route.body ? (quick[route.name] ?? {}) : undefined,
    key === undefined ? {} : { authorization: `Bearer ${key}` },
  );
const refused = new Set([401, 403]);

async function matrix(key: string | undefined): Promise<Record<string, boolean>> {
  const answers: [string, boolean][] = [];
  for (const route of routes) {
    const { status, body } = await ask(route, key);
    if (status === 403) expect(codeIn(body), route.name).toBe("FORBIDDEN");
    expect(status, route.name).toBeLessThan(500);
    answers.push([route.name, !refused.has(status)]);
  }
  return Object.fromEntries(answers);
}
const expectedMatrix = (allows: (access: Access) => boolean): Record<string, boolean> =>
  Object.fromEntries(Object.entries(expected).map(([name, access]) => [name, allows(access)]));

const scopeAllows =
  (has: readonly Scope[]) =>
  ({ may, needsAll, host }: Access): boolean => {
    if (may === "token") return false;
    if (typeof may === "string") return true;
    if (has.includes("admin") && !host) return true;
    return needsAll ? may.every((scope) => has.includes(scope)) : may.some((scope) => has.includes(scope));
  };

describe("D11: every scope against every route", () => {
  it("knows every route of the OpenAPI document, and none that is gone", () => {
    expect(routes.map((route) => route.name).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(scopes)("a key with %s alone may do what its scope says and nothing else", async (scope) => {
    expect(await matrix(keys.get(scope))).toEqual(expectedMatrix(scopeAllows([scope])));
  });

  it("nobody without a key, or with one that does not exist, may do anything but what is public", async () => {
    const publicOnly = expectedMatrix(({ may }) => may === "public");
    expect(await matrix(undefined)).toEqual(publicOnly);
    for (const key of ["totem_key_x", "totem_agent_x", `totem_key_${"A".repeat(43)}`, "x"])
      expect(await matrix(key)).toEqual(publicOnly);
  });

  it("an agent may use the routes that are open to agents, some only after it proved key and code together", async () => {
    const scoped = scopeAllows(["codes:read", "workflows:read", "runs:write", "vault:read", "vault:write"]);
    const may = (proven: boolean) => (access: Access) =>
      access.may === "public" ||
      ((access.agentsOwn === true || scoped(access)) &&
        (access.agent === "key" || (proven && access.agent === "session")));
    expect(await matrix(agent.key)).toEqual(expectedMatrix(may(false)));
    expect(await matrix(agent.session)).toEqual(expectedMatrix(may(true)));
  });

  it("a key that only reads codes cannot list, create, delete, administer or read keys", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Must not");
    const { username } = (await server.call(slug, "create")).body;
    const mustNot: [string, string, unknown?][] = [
      ["GET", "/agent-users"],
      ["GET", `/agent-users/${username}`],
      ["GET", "/workflows"],
      ["POST", "/workflows", { name: "mine" }],
      ["DELETE", `/workflows/${slug}`],
      ["POST", `/workflows/${slug}/nodes/create/call`, {}],
      ["POST", `/workflows/${slug}/nodes/code/call`, {}],
      ["POST", `/workflows/${slug}/runs`, {}],
      ["POST", `/agent-users/${username}/disable`],
      ["POST", `/agent-users/${username}/rotate-key`, {}],
      ["POST", `/agent-users/${username}/grants`, { reader: username }],
      ["GET", "/keys"],
      ["POST", "/keys", { name: "more", scopes: ["admin"] }],
      ["POST", "/workspaces", { name: "more" }],
      ["GET", "/model-keys"],
      ["GET", "/audit-events"],
    ];
    const asReader = server.as(keys.get("codes:read") ?? "");
    for (const [method, path, body] of mustNot)
      expect((await asReader(method, path, body)).body, `${method} ${path}`).toMatchObject({
        status: 403,
        code: "FORBIDDEN",
      });
    const me = (await server.api("GET", `/agent-users/${username}`)).body;
    expect(me).toMatchObject({ disabled: false });
  });

  it("G7: every refusal of a known caller is in the audit log, with the route and without the address", async () => {
    await server.as(keys.get("mail:read") ?? "")("DELETE", "/workflows/some-hidden-name");
    const { audit_events } = (await server.api("GET", "/audit-events?limit=1")).body;
    expect(audit_events[0]).toMatchObject({
      action: "request.refused",
      actor_kind: "service_key",
      actor: "only mail read",
      subject: "DELETE /api/v1/workflows/:slug",
      result: "refused",
      ip: expect.stringMatching(/127\.0\.0\.1|::1/),
    });
  });

  it("a key stops working the moment it is revoked, or when it expires", async () => {
    const made = (await server.api("POST", "/keys", { name: "short", scopes: ["codes:read"] })).body;
    expect((await server.as(made.key)("GET", "/whoami")).status).toBe(200);
    expect((await server.api("DELETE", `/keys/${made.id}`)).status).toBe(204);
    expect((await server.as(made.key)("GET", "/whoami")).status).toBe(401);
    expect((await server.api("DELETE", `/keys/${made.id}`)).status).toBe(404);
  });

  it("G7: no two keys share a name in the audit log, and none is called like the server's own", async () => {
    const make = (name: string) => server.api("POST", "/keys", { name, scopes: ["codes:read"] });
    expect((await make("robot")).status).toBe(201);
    expect((await make("robot")).body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "name" }] });
    expect((await make("Administrator")).status).toBe(400);
  });
});
