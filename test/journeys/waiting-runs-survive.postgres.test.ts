import { afterAll, beforeAll, expect, it } from "vitest";
import { waitingWorkflow } from "../support/deliver.ts";
import { openTestDatabase, type TestDatabase } from "../support/open-test-database.ts";
import { random } from "../support/seeded-random.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";

const adminKey = random.bytes(24).toString("base64url");
const masterKey = random.bytes(32).toString("base64");
const many = 200;
/** A guard against hanging, no limit that a busy machine could pass. */
const patience = { timeout: 150_000, interval: 100 };

let database: TestDatabase;
const processes: ServerProcess[] = [];
const start = async (): Promise<ServerProcess> => {
  const server = await startServerProcess({
    DATABASE_URL: database.url ?? "",
    TOTEM_ADMIN_KEY: adminKey,
    TOTEM_MASTER_KEY: masterKey,
  });
  processes.push(server);
  return server;
};
beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(async () => {
  for (const server of processes) await server.kill();
  await database.close();
});

const headers = { "content-type": "application/json", authorization: `Bearer ${adminKey}` };
const post = async (server: ServerProcess, path: string, body: object) => {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  expect([response.status, answer]).toEqual([expect.toBeOneOf([200, 201, 202]), answer]);
  return answer;
};
/** How many runs there are of each status. */
const statuses = async () => {
  const rows = await database.kysely.selectFrom("workflow_run").select("status").execute();
  return Object.fromEntries(
    Object.entries(Object.groupBy(rows, ({ status }) => status)).map(([k, v]) => [k, v?.length]),
  );
};

it(`${many} runs wait, their server is killed, and each goes on with its own code at another`, async () => {
  const first = await start();
  const slug = String((await post(first, "/api/v1/workflows", { name: "Many", ...waitingWorkflow() })).slug);
  await post(first, `/api/v1/workflows/${slug}/nodes/create/call`, {});
  const started = await Promise.all(
    Array.from({ length: many }, () => post(first, `/api/v1/workflows/${slug}/runs`, {})),
  );
  const ids = started.map(({ id }) => String(id));
  await expect.poll(statuses, patience).toEqual({ waiting: many });
  await first.kill();

  const second = await start();
  await Promise.all(
    ids.map((id, index) =>
      post(second, "/v1/credentials/totp", {
        totp_identifier: "agent_many_agent",
        content: `Your sign-in code is ${String(700_000 + index)}`,
        workflow_run_id: id,
      }),
    ),
  );
  await expect.poll(statuses, patience).toEqual({ succeeded: many });
  const taken = await database.kysely
    .selectFrom("inbox_message")
    .select(["run_id", "taken_run_id"])
    .execute();
  expect(taken).toHaveLength(many);
  expect(taken.filter(({ run_id, taken_run_id }) => run_id !== taken_run_id)).toEqual([]);
  expect(new Set(taken.map(({ taken_run_id }) => taken_run_id))).toEqual(new Set(ids));
}, 180_000);

it("a run goes on with its message, delivered by another process", async () => {
  const [, second] = processes;
  if (!second) throw new Error("The second server is gone.");
  const third = await start();
  const slug = String(
    (await post(second, "/api/v1/workflows", { name: "Prompt", ...waitingWorkflow() })).slug,
  );
  const { id } = await post(second, `/api/v1/workflows/${slug}/runs`, {});
  const run = () =>
    database.kysely
      .selectFrom("workflow_run")
      .selectAll()
      .where("id", "=", String(id))
      .executeTakeFirstOrThrow();
  await expect.poll(async () => (await run()).status, patience).toBe("waiting");
  await post(third, "/v1/credentials/totp", { totp_identifier: "agent_prompt_agent", content: "123456" });
  await expect.poll(async () => (await run()).status, patience).toBe("succeeded");
}, 60_000);
