import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scope, scopes } from "../../../plugin/api/scopes.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { codeIn } from "../../support/dialect-problem.ts";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import { type RouteRule, routeTable } from "../../support/route-table.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

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
    // Let in by its key, and asked for a signature.
    answers.push([route.name, !refused.has(status) || codeIn(body) === "SIGNATURE_REFUSED"]);
  }
  return Object.fromEntries(answers);
}
const expectedMatrix = (allows: (access: RouteRule) => boolean): Record<string, boolean> =>
  Object.fromEntries(Object.entries(routeTable).map(([name, access]) => [name, allows(access)]));

const scopeAllows =
  (has: readonly Scope[]) =>
  ({ may, needsAll, host }: RouteRule): boolean => {
    if (may === "token" || may === "person") return false;
    if (typeof may === "string") return true;
    if (has.includes("admin") && !host) return true;
    return needsAll ? may.every((scope) => has.includes(scope)) : may.some((scope) => has.includes(scope));
  };

describe("D11: every scope against every route", () => {
  it("knows every route of the OpenAPI document, and none that is gone", () => {
    expect(routes.map((route) => route.name).sort()).toEqual(Object.keys(routeTable).sort());
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
    const may = (proven: boolean) => (access: RouteRule) =>
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
