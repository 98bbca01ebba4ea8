import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { codeIn } from "../../support/dialect-problem.ts";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import { routeTable } from "../../support/route-table.ts";
import { type SeededWorkspace, seedWorkspace } from "../../support/seeded-workspace.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
let routes: ApiRoute[];
let b: SeededWorkspace;
let agentOfA: { key: string; session: string };

beforeAll(async () => {
  server = await startTestServer();
  routes = await openApiRoutes(server);
  b = await seedWorkspace(server);
  const own = await server.addWorkflow(agentWorkflow(), "Tenant A");
  const key: string = (await server.call(own, "create")).body.api_key;
  const { totp_code } = (await server.call(own, "code")).body;
  const session = (await server.send("POST", "/api/v1/auth/session", { api_key: key, code: totp_code })).body
    .token;
  agentOfA = { key, session };
});
afterAll(async () => {
  await b.end();
  await server.stop();
});

/** What makes something of one's own under a name, whoever else has that name. */
const makesOwn = "PUT /v0/vault/{name}";
/** A token in the address is a key and no id: test/server/mcp/mcp-tokens.security.test.ts. */
const hasToken = "/mcp/{token}";
/** A signature opens these, and to everybody else every id is alike: test/server/inbox/sources. */
const isSigned = "/hooks/";
const withIds = () =>
  routes.filter(
    ({ path, name }) =>
      path.includes("{") &&
      routeTable[name]?.may !== "person" &&
      name !== makesOwn &&
      path !== hasToken &&
      !path.startsWith(isSigned),
  );
const send = (route: ApiRoute, key: string) =>
  server.send(route.method, b.address(route), b.body(route), { authorization: `Bearer ${key}` });

describe("D10: two workspaces on one server", () => {
  it("lists nothing of B to A, in lists, in the audit log or in an error", async () => {
    for (const route of routes.filter(({ method, path }) => method === "GET" && !path.includes("{"))) {
      // The command line's, for the server's own key: the people of the whole installation.
      if (route.path === "/api/v1/people/links") continue;
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
          b.body(route),
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
        ? 4
        : method === "DELETE" && /\{slug\}$|\/vault\/|\/mailboxes\//.test(path)
          ? 3
          : method === "DELETE"
            ? 2
            : method === "PUT"
              ? 1
              : 0;
    for (const route of withIds().toSorted((left, right) => rank(left) - rank(right)))
      expect((await send(route, b.admin)).status, route.name).not.toBe(404);
  });
});
