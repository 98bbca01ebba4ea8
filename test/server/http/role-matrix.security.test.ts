import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Role, roles as roleTable } from "../../../plugin/roles.ts";
import { type AddedPerson, addPerson, signInAgain } from "../../support/add-person.ts";
import { codeIn } from "../../support/dialect-problem.ts";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import type { PersonSession } from "../../support/person-session.ts";
import { type RouteRule, routeTable } from "../../support/route-table.ts";
import { random } from "../../support/seeded-random.ts";
import { type SeededWorkspace, seedWorkspace } from "../../support/seeded-workspace.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const roles = Object.keys(roleTable) as Role[];
let server: TestServer;
let routes: ApiRoute[];
let here: SeededWorkspace;
const people = new Map<Role, AddedPerson>();
const strangers = new Map<Role, AddedPerson>();

beforeAll(async () => {
  server = await startTestServer();
  routes = await openApiRoutes(server);
  here = await seedWorkspace(server);
  for (const role of roles) {
    people.set(role, await addPerson(server, { roles: [role], workspaceId: here.id }));
    strangers.set(role, await addPerson(server, { roles: [role] }));
  }
});
afterAll(async () => {
  await here.end();
  await server.stop();
});

const ruleOf = ({ name }: ApiRoute): RouteRule => {
  const rule = routeTable[name];
  if (!rule) throw new Error(`The table has no line for ${name}.`);
  return rule;
};
const personOf = (map: ReadonlyMap<Role, AddedPerson>, role: Role): AddedPerson => {
  const person = map.get(role);
  if (!person) throw new Error(`Nobody has the role ${role}.`);
  return person;
};

/** Ends the session that asks, so it gets a session of its own. */
const endsSession = "DELETE /api/v1/auth/sign-in";
/** The first takes the factor away that other routes ask for, the second ends every session of the person. */
const last = ["DELETE /api/v1/auth/second-step", "DELETE /api/v1/people/me/sessions"];
/** What opens without a session is the same for all, and has its own tests. */
const isForPeople = (route: ApiRoute): boolean =>
  ruleOf(route).may !== "public" && ruleOf(route).may !== "token";
const hasIds = ({ path }: ApiRoute): boolean => path.includes("{") && !path.startsWith("/api/v1/people/me/");
/** Stores something of the caller's own, under any name. */
const makesOwn = "PUT /v0/vault/{name}";

const send = (session: PersonSession, route: ApiRoute, address: string) =>
  server.send(route.method, address, here.body(route), {
    cookie: session.cookie,
    "x-totem-proof": session.proof,
  });

describe("H5: every role against every route", () => {
  it("has a line in the table for every route of the OpenAPI document, and none for a route that is gone", () => {
    expect(routes.map(({ name }) => name).sort()).toEqual(Object.keys(routeTable).sort());
  });

  it.each(roles)("lets in at the door who is %s where the table says so, and nowhere else", async (role) => {
    const person = await addPerson(server, { roles: [role], workspaceId: here.id });
    const answers: Record<string, boolean> = {};
    const expected: Record<string, boolean> = {};
    const ordered = routes
      .filter(isForPeople)
      .toSorted((one, other) => last.indexOf(one.name) - last.indexOf(other.name));
    for (const route of ordered) {
      const session = route.name === endsSession ? await signInAgain(server, person) : person;
      const { status, body } = await send(session, route, addressOf(route.path, { id: random.uuid() }));
      expect(status, route.name).toBeLessThan(500);
      if (status === 403) expect(codeIn(body), route.name).toBe("FORBIDDEN");
      answers[route.name] = status !== 401 && status !== 403;
      const rule = ruleOf(route);
      expected[route.name] = rule.people.includes(role) || rule.granted === true;
    }
    expect(answers).toEqual(expected);
  });

  it.each(roles)(
    "shows what there is to who is %s where the table says so, and nowhere else",
    async (role) => {
      const person = personOf(people, role);
      const shown: Record<string, boolean> = {};
      const expected: Record<string, boolean> = {};
      for (const route of routes.filter(isForPeople).filter(hasIds)) {
        if (route.method !== "GET") continue;
        const { status, body } = await send(person, route, here.address(route));
        if (status !== 200) expect([403, 404, 409], `${route.name} ${codeIn(body)}`).toContain(status);
        // 409: it is theirs to open, and there is nothing in it.
        shown[route.name] = status !== 403 && status !== 404;
        expected[route.name] = ruleOf(route).people.includes(role);
      }
      expect(shown).toEqual(expected);
    },
  );

  it.each(roles)(
    "lists what there is to who is %s where the table says so, and else nothing",
    async (role) => {
      const person = personOf(people, role);
      for (const route of routes.filter(isForPeople).filter((one) => !one.path.includes("{"))) {
        if (route.method !== "GET" || ruleOf(route).people.includes(role)) continue;
        const { status, text } = await send(person, route, route.path);
        for (const id of here.ids) expect(text.includes(`"${id}"`), `${route.name} ${id}`).toBe(false);
        expect([200, 403], route.name).toContain(status);
      }
    },
  );

  it.each(roles)("lists nothing of it to who is %s of another workspace", async (role) => {
    const stranger = personOf(strangers, role);
    for (const route of routes.filter(isForPeople).filter((one) => !one.path.includes("{"))) {
      if (route.method !== "GET") continue;
      const { text } = await send(stranger, route, route.path);
      for (const id of here.ids) expect(text.includes(`"${id}"`), `${route.name} ${id}`).toBe(false);
    }
  });

  it.each(roles)("refuses who is %s every change that is another role's", async (role) => {
    const person = personOf(people, role);
    for (const route of routes.filter(isForPeople).filter(hasIds)) {
      if (route.method === "GET" || ruleOf(route).people.includes(role)) continue;
      const { status } = await send(person, route, here.address(route));
      expect([403, 404], route.name).toContain(status);
    }
  });

  it.each(roles)("neither shows nor changes anything for who is %s of another workspace", async (role) => {
    const stranger = personOf(strangers, role);
    for (const route of routes.filter(isForPeople).filter(hasIds)) {
      if (route.name === makesOwn) continue;
      const { status } = await send(stranger, route, here.address(route));
      expect([403, 404], route.name).toContain(status);
    }
  });

  it("has left everything as it was", async () => {
    const owner = personOf(people, "owner");
    for (const route of routes.filter(isForPeople).filter(hasIds)) {
      if (route.method !== "GET") continue;
      const { status } = await send(owner, route, here.address(route));
      expect([200, 409], route.name).toContain(status);
    }
    expect((await owner.send("GET", `/workflows/${here.slug}`)).body.version).toBe(1);
    expect((await owner.send("GET", `/agent-users/${here.username}`)).body).toMatchObject({
      disabled: false,
      locked_until: null,
    });
  });
});
