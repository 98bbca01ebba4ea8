import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeReader, Identity } from "../../../plugin/api/identities.ts";
import { type Scope, scopes } from "../../../plugin/api/scopes.ts";
import { localKeys } from "../../../server/secrets/key-provider.ts";
import { KeyRing, parseMasterKey } from "../../../server/secrets/key-ring.ts";
import { counterAt, generateCode } from "../../../server/totp/totp.ts";
import { addPerson } from "../../support/add-person.ts";
import { node, toolEdge } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { type ApiRoute, addressOf, openApiRoutes } from "../../support/openapi-routes.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

/** Somebody who may come to the server: what they send, and what they are called in the lists. */
interface Caller {
  readonly kind: CodeReader["kind"];
  readonly name: string;
  readonly headers: readonly Record<string, string>[];
}

const clock = fixedClock(new Date("2026-05-05T12:00:05Z"));
const masterKey = random.bytes(32).toString("base64");
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
let server: TestServer;
let routes: ApiRoute[];
const callers: Caller[] = [];
const slugs: string[] = [];
const usernameOf = (slug: string, agent: string) => `agent_${slug}_${agent}`;

/** Which agents each tool is wired to. */
const graphOf = (wires: Record<string, readonly string[]>, agents: readonly string[]) => ({
  nodes: [
    ...agents.map((id) => node(id, "agent")),
    node("create", "create_agent_user", { reveal: "value" }),
    node("code", "get_totp_code", { reveal: "value" }),
    node("spare", "get_totp_code", { reveal: "value" }),
    node("verify", "verify_totp_code"),
  ],
  edges: Object.entries(wires).flatMap(([tool, targets]) => targets.map((agent) => toolEdge(tool, agent))),
});
const home = ["own", "unwired", "off", "locked", "fresh"];
const away = ["reader", "blind", "gone", "stranger"];

async function addAgents(api: TestServer["api"], name: string, graph: object, agents: readonly string[]) {
  const { slug } = (await api("POST", "/workflows", { name, ...graph })).body;
  for (const id of agents) {
    const made = await api("POST", `/workflows/${slug}/nodes/create/call`, { caller_node_id: id });
    const { username, api_key } = made.body;
    const shown = await api("POST", `/agent-users/${username}/code`);
    const session = await server.send("POST", "/api/v1/auth/session", { api_key, code: shown.body.code });
    callers.push({
      kind: "agent_user",
      name: username,
      headers: [bearer(api_key), bearer(session.body.token)],
    });
  }
  return slug as string;
}

async function addKey(name: string, has: readonly Scope[], more: object = {}): Promise<{ id: string }> {
  const { body } = await server.api("POST", "/keys", { name, scopes: has, ...more });
  callers.push({ kind: "service_key", name, headers: [bearer(body.key)] });
  return body;
}

beforeAll(async () => {
  server = await startTestServer({
    clock,
    settings: { TOTEM_MASTER_KEY: masterKey, TOTEM_RATE_LIMIT: "1000000" },
  });
  routes = await openApiRoutes(server);
  const homeGraph = graphOf(
    { create: home, code: ["own", "off", "fresh"], spare: ["locked"], verify: home },
    home,
  );
  slugs.push(
    await addAgents(
      server.api,
      "Home",
      homeGraph,
      home.filter((id) => id !== "fresh"),
    ),
  );
  const awayGraph = graphOf({ create: away, code: ["reader", "gone", "stranger"], verify: ["blind"] }, away);
  slugs.push(await addAgents(server.api, "Away", awayGraph, away));
  const own = usernameOf("home", "own");
  for (const reader of ["reader", "blind", "gone"])
    await server.api("POST", `/agent-users/${own}/grants`, { reader: usernameOf("away", reader) });
  for (const target of ["unwired", "off"])
    await server.api("POST", `/agent-users/${usernameOf("home", target)}/grants`, {
      reader: usernameOf("home", "locked"),
    });
  await server.api("POST", `/agent-users/${usernameOf("home", "off")}/disable`);
  await server.api("POST", `/agent-users/${usernameOf("away", "gone")}/disable`);
  await sql`update agent_user set locked_until = ${new Date(clock.now().getTime() + 3_600_000)}
    where username = ${usernameOf("home", "locked")}`.execute(server.database.kysely);

  // Those that have nothing to do with agents are all in "all but codes".
  const ofAgents = /^(codes|workflows|runs|audit|admin|agent_users)/;
  for (const scope of scopes.filter((one) => ofAgents.test(one)))
    await addKey(`only ${scope.replace(":", " ")}`, [scope]);
  await addKey("runs and codes", ["runs:write", "codes:read"]);
  await addKey("runs and workflows", ["runs:write", "workflows:read", "workflows:write"]);
  await addKey(
    "all but codes",
    scopes.filter((scope) => scope !== "codes:read" && scope !== "admin"),
  );
  await addKey("lasting", ["codes:read"], { expires_in: 86_400 });
  await addKey("expired", ["codes:read", "admin"], { expires_in: 60 });
  const revoked = await addKey("revoked", ["codes:read", "admin"]);
  await server.api("DELETE", `/keys/${revoked.id}`);
  clock.advance(61);
  callers.push({ kind: "service_key", name: "totem_admin", headers: [bearer(server.adminKey)] });
  for (const role of ["owner", "builder", "operator", "auditor"] as const) {
    const { name, cookie, proof } = await addPerson(server, { roles: [role], name: `Our ${role}` });
    callers.push({ kind: "person", name, headers: [{ cookie, "x-totem-proof": proof }] });
  }

  const tenant = (await server.api("POST", "/workspaces", { name: "next door" })).body.key;
  callers.push({ kind: "service_key", name: "administrator of next door", headers: [bearer(tenant)] });
  await addAgents(
    server.as(tenant),
    "Over there",
    graphOf({ create: ["theirs"], code: ["theirs"] }, ["theirs"]),
    ["theirs"],
  );
}, 60_000);
afterAll(() => server.stop());

const listed = async (): Promise<Identity[]> => {
  const lists = await Promise.all(slugs.map((slug) => server.api("GET", `/workflows/${slug}/identities`)));
  return lists.flatMap(({ body }) => body.identities);
};

/** What an authenticator would show now, made past all checks. */
async function realCodes(): Promise<Map<string, string>> {
  const db = server.database.kysely;
  const ring = new KeyRing(localKeys(parseMasterKey(masterKey)), (id) =>
    db.selectFrom("data_key").select(["version", "wrapped_key"]).where("workspace_id", "=", id).execute(),
  );
  const codes = new Map<string, string>();
  for (const row of await db.selectFrom("agent_user").selectAll().execute()) {
    const keys = await ring.forWorkspace(row.workspace_id);
    const secret = keys.open(
      { table: "agent_user", rowId: row.id, column: "sealed_secret" },
      row.sealed_secret,
    );
    codes.set(
      row.username,
      generateCode(secret, { algorithm: "SHA1", digits: row.digits }, counterAt(clock.now(), row.period)),
    );
  }
  return codes;
}

/** Routes that change what the list is about, or start a run (whose events are masked, see secrets-stay-inside). */
const changes =
  /^(PUT|DELETE) |\/(restore|runs|cancel|disable|enable|rotate-key|grants|sign-in|keys|workspaces|model-keys)$|^POST \/api\/v1\/workflows$/;
const values = (username: string) => [
  { slug: "home", id: "create", username, version: "1", name: "x" },
  { slug: "home", id: "verify", username, version: "1", name: "x" },
  ...slugs.flatMap((slug) =>
    ["code", "spare"].map((id) => ({ slug, id, username, version: "1", name: "x" })),
  ),
];

/** Everything one caller is answered when it tries every way there is to get at one account's code. */
async function everyAnswer(caller: Caller, username: string): Promise<string> {
  const requests = new Map<string, () => Promise<{ text: string }>>();
  for (const headers of caller.headers)
    for (const route of routes.filter(({ name }) => !changes.test(name) && !name.endsWith("/events")))
      for (const value of values(username))
        for (const body of bodiesOf(route, caller, username)) {
          const address = addressOf(route.path, value);
          requests.set(JSON.stringify([headers, route.name, address, body]), () =>
            server.send(route.method, address, body, headers),
          );
        }
  const texts: string[] = [];
  const left = [...requests.values()];
  while (left.length > 0) {
    const some = await Promise.all(left.splice(0, 25).map((send) => send()));
    texts.push(...some.map(({ text }) => text));
  }
  return texts.join("\n");
}

function bodiesOf(route: ApiRoute, caller: Caller, username: string): (object | undefined)[] {
  if (!route.name.endsWith("/call")) return [route.body ? { code: "000000x", api_key: "x" } : undefined];
  const calls = [{}, { arguments: { username } }];
  // An agent calls as itself, whatever it says.
  if (caller.kind === "agent_user") return calls;
  return [
    ...calls,
    ...[...home, ...away].map((id) => ({ caller_node_id: id })),
    ...["reader", "locked"].map((id) => ({ arguments: { username }, caller_node_id: id })),
  ];
}

describe("who can read a code", () => {
  it("D1: the list names exactly those who get it when everyone tries every route", async () => {
    const codes = await realCodes();
    const lists = await listed();
    expect(lists).toHaveLength(home.length + away.length);
    const got = new Map(lists.map(({ username }) => [username, new Set<string>()]));
    for (const caller of callers) {
      const texts = await everyAnswer(caller, usernameOf("home", "own"));
      // What a caller gets of the others goes by their names too; the rest of its answers is the same.
      const more = await Promise.all(
        lists.map(({ username }) =>
          Promise.all(
            caller.headers.flatMap((headers) => [
              server.send("POST", `/api/v1/agent-users/${username}/code`, undefined, headers),
              ...slugs.flatMap((slug) =>
                ["code", "spare"].map((id) =>
                  server.send(
                    "POST",
                    `/api/v1/workflows/${slug}/nodes/${id}/call`,
                    { arguments: { username } },
                    headers,
                  ),
                ),
              ),
            ]),
          ),
        ),
      );
      const all = [texts, ...more.flat(1).map(({ text }) => text)].join("\n");
      for (const [username, readers] of got)
        if (codes.has(username) && new RegExp(`"${codes.get(username)}"`).test(all))
          readers.add(`${caller.kind} ${caller.name}`);
    }
    const named = new Map(
      lists.map(({ username, readers }) => [
        username,
        new Set(readers.map(({ kind, name }) => `${kind} ${name}`)),
      ]),
    );
    expect(named).toEqual(got);

    // That the two agree is worth something only where the answers differ.
    expect(got.get(usernameOf("home", "own"))).toEqual(
      new Set([
        "agent_user agent_home_own",
        "agent_user agent_away_reader",
        "person Our owner",
        "person Our operator",
        "service_key totem_admin",
        "service_key only codes read",
        "service_key only admin",
        "service_key runs and codes",
        "service_key lasting",
      ]),
    );
    expect(got.get(usernameOf("home", "unwired"))?.has("agent_user agent_home_unwired")).toBe(false);
    expect(got.get(usernameOf("home", "unwired"))?.has("agent_user agent_home_locked")).toBe(true);
    expect(got.get(usernameOf("home", "off"))?.size).toBe(0);
    expect(got.get(usernameOf("home", "fresh"))?.size).toBe(0);
  }, 240_000);

  it("says of each why, the agent itself first, and where on which canvas it is", async () => {
    const lists = await listed();
    const own = lists.find(({ username }) => username === usernameOf("home", "own"));
    expect(own?.readers.slice(0, 2)).toEqual([
      {
        kind: "agent_user",
        name: "agent_home_own",
        workflow_slug: "home",
        agent_node_id: "own",
        reason: "own_code",
        because: "It is its own, and Get TOTP Code is wired to it.",
      },
      {
        kind: "agent_user",
        name: "agent_away_reader",
        workflow_slug: "away",
        agent_node_id: "reader",
        reason: "grant",
        because: "It was granted these codes, and Get TOTP Code is wired to it.",
      },
    ]);
    for (const { because, reason, workflow_slug } of lists.flatMap(({ readers }) => readers)) {
      expect(because).toMatch(/^[A-Z].{10,90}\.$/);
      if (reason === "scope") expect(workflow_slug).toBeNull();
    }
  });

  it("follows the canvas at once: a wire that is cut, a wire that is drawn", async () => {
    const readers = async () =>
      (await listed())
        .find(({ username }) => username === usernameOf("home", "own"))
        ?.readers.map(({ name }) => name);
    const { body: graph } = await server.api("GET", "/workflows/away");
    const save = async (edges: object[]) => {
      const { version } = (await server.api("GET", "/workflows/away")).body;
      await server.api("PUT", "/workflows/away", { version, nodes: graph.nodes, edges });
    };
    await save(graph.edges.filter(({ id }: { id: string }) => id !== "code-reader"));
    expect(await readers()).not.toContain("agent_away_reader");
    await save([...graph.edges, toolEdge("spare", "blind")]);
    expect(await readers()).toEqual(expect.arrayContaining(["agent_away_reader", "agent_away_blind"]));
    await save(graph.edges);
  });
});
