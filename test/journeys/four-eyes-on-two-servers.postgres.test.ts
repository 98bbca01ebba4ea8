import { afterAll, beforeAll, expect, it } from "vitest";
import { type AddedPerson, addPerson } from "../support/add-person.ts";
import { addAskingAgent, endOf, runOf, startAsking } from "../support/asking-run.ts";
import { openTestDatabase, type TestDatabase } from "../support/open-test-database.ts";
import { random } from "../support/seeded-random.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";
import type { Answer } from "../support/start-test-server.ts";

const adminKey = random.bytes(24).toString("base64url");
const masterKey = random.bytes(32).toString("base64");
let database: TestDatabase;
const processes: ServerProcess[] = [];
const patience = { timeout: 60_000 };

async function start() {
  const server = await startServerProcess({
    DATABASE_URL: database.url ?? "",
    TOTEM_ADMIN_KEY: adminKey,
    TOTEM_MASTER_KEY: masterKey,
  });
  processes.push(server);
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith("{") ? JSON.parse(text) : text,
    };
  };
  const api = (method: string, path: string, body?: unknown) =>
    send(method, `/api/v1${path}`, body, { authorization: `Bearer ${adminKey}` });
  return {
    send,
    api,
    adminKey,
    database,
    kill: server.kill,
    addWorkflow: async (graph: object, name = "Test flow") =>
      (await api("POST", "/workflows", { name, ...graph })).body.slug as string,
    call: (slug: string, node: string, args: object = {}) =>
      api("POST", `/workflows/${slug}/nodes/${node}/call`, { arguments: args }),
    /** A person's request to this server, with the session they opened at another. */
    from: (person: AddedPerson) => (method: string, path: string, body?: unknown) =>
      send(method, `/api/v1${path}`, body, { cookie: person.cookie, "x-totem-proof": person.proof }),
  };
}
type Server = Awaited<ReturnType<typeof start>>;
let first: Server;
let second: Server;
let ada: AddedPerson;
let ben: AddedPerson;
let cleo: AddedPerson;

beforeAll(async () => {
  database = await openTestDatabase();
  [first, second] = await Promise.all([start(), start()]);
  ada = await addPerson(first, { roles: ["administrator"], name: "Ada" });
  ben = await addPerson(first, { roles: ["operator"], name: "Ben" });
  cleo = await addPerson(first, { roles: ["operator"], name: "Cleo" });
}, 120_000);
afterAll(async () => {
  for (const server of processes) await server.kill();
  await database.close();
});

const ask = { roles: ["administrator" as const, "operator" as const] };

it("H9: a run that was started at one server is approved at the other by another person, and goes on", async () => {
  const { slug } = await addAskingAgent(first, "Two servers", { ask });
  const { runId, question } = await startAsking(first, ada, slug);
  const own = await second.from(ada)("POST", `/approvals/${question.id}`, { decision: "approve" });
  expect(own.body.code).toBe("APPROVAL_NOT_YOURS");
  expect((await runOf(second, runId)).status).toBe("waiting");
  const yes = await second.from(ben)("POST", `/approvals/${question.id}`, { decision: "approve" });
  // The run may have gone on, and used the yes, before the answer was read.
  expect(["approved", "used"]).toContain(yes.body.state);
  expect(await endOf(first, runId)).toMatchObject({ status: "succeeded", results: [{ ok: true }] });
}, 120_000);

it("H9: of two answers at once at two servers each is counted, and a no is final", async () => {
  const { slug } = await addAskingAgent(first, "At once", { ask: { ...ask, needed: 2 } });
  const both = await startAsking(first, ada, slug);
  const answer = (server: Server, person: AddedPerson, id: string, decision: "approve" | "deny") =>
    server.from(person)("POST", `/approvals/${id}`, { decision });
  const yes = await Promise.all([
    answer(first, ben, both.question.id, "approve"),
    answer(second, cleo, both.question.id, "approve"),
  ]);
  expect(yes.map(({ status }) => status)).toEqual([200, 200]);
  expect(await endOf(first, both.runId)).toMatchObject({ results: [{ ok: true }] });

  const twice = await startAsking(first, ada, slug);
  const same = await Promise.all(
    [first, second, first, second].map((server) => answer(server, ben, twice.question.id, "approve")),
  );
  expect(same.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
  expect((await runOf(second, twice.runId)).status).toBe("waiting");
  const mixed = await Promise.all([
    answer(first, cleo, twice.question.id, "deny"),
    answer(second, cleo, twice.question.id, "approve"),
  ]);
  expect(mixed.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const ended = await endOf(first, twice.runId);
  const [denied] = mixed;
  expect(ended.results[0]).toMatchObject(
    denied?.status === 200 ? { ok: false, result: { code: "APPROVAL_DENIED" } } : { ok: true },
  );
}, 120_000);

it("a run that waits for people survives its killed server, and goes on at another", async () => {
  const third = await start();
  const { slug } = await addAskingAgent(third, "Killed", { ask });
  const { runId, question } = await startAsking(third, ada, slug);
  await third.kill();
  await first.kill();
  expect((await runOf(second, runId)).status).toBe("waiting");
  await second.from(ben)("POST", `/approvals/${question.id}`, { decision: "approve" });
  await expect.poll(async () => (await runOf(second, runId)).status, patience).toBe("succeeded");
  const ended = await runOf(second, runId);
  expect(ended.results).toMatchObject([{ ok: true }]);
  // It was asked once: to be killed asks no person again.
  // Near the end of a window the code itself is waited for.
  expect(ended.waits.filter(({ reason }) => reason !== "fresh_code")).toHaveLength(1);
}, 120_000);
