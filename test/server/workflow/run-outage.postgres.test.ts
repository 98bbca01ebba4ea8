import { afterAll, expect, it } from "vitest";
import { migrate } from "../../../server/database/migrate.ts";
import { openDatabase } from "../../../server/database/open-database.ts";
import { startEmbeddedPostgres } from "../../support/embedded-postgres.ts";
import { addWorkspace, agentGraph, type openTestWorkspace, script, startTestEngine } from "./run-setup.ts";

// A server of its own: this test takes it away.
const server = await startEmbeddedPostgres();
afterAll(() => server.remove());

it("finishes a run well when the database goes away in its middle and comes back", async () => {
  const database = await openDatabase({ databaseUrl: server.url });
  afterAll(() => database.close());
  await migrate(database.kysely);
  const workspace: Awaited<ReturnType<typeof openTestWorkspace>> = {
    database: { ...database, url: server.url },
    db: database.kysely,
    ...(await addWorkspace(database)),
  };
  const inTool = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const test = await startTestEngine(workspace, {
    overrides: {
      whoami: async () => {
        inTool.resolve();
        await gone.promise;
        return { success: true } as never;
      },
    },
  });
  const steps = script(
    { tool: "create_agent_user" },
    { tool: "whoami" },
    { tool: "get_totp_code" },
    { say: "done" },
  );
  const runId = await test.start(agentGraph(steps, ["create_agent_user", "whoami", "get_totp_code"]), "Go.");
  const watching = (await test.follow(runId)).finished();
  await inTool.promise;
  await server.stop();
  gone.resolve();
  // While it is away everything else is refused with an error, and nobody falls over.
  await expect(test.start(agentGraph(steps), "Go.")).rejects.toThrow();
  await server.restart();

  const run = await watching;
  expect(run).toMatchObject({ status: "succeeded", output: "done" });
  expect(run.events.map((event) => event.seq)).toEqual(run.events.map((_, index) => index + 1));
  expect(test.calls.map(({ tool }) => tool)).toEqual(["create_agent_user", "whoami", "get_totp_code"]);
  // And it works on as before.
  expect(await test.run(agentGraph(script({ say: "again" })), "Go.")).toMatchObject({ output: "again" });
}, 60_000);
