import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startProcess } from "../../support/child-process.ts";
import { openTestDatabase } from "../../support/open-test-database.ts";
import { random } from "../../support/seeded-random.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { addWorkspace, agentGraph, eventsOf, script, startTestEngine } from "./run-setup.ts";

it("finishes a run whose worker was killed between two tool calls, with each finished call made once", async () => {
  const database = await openTestDatabase();
  const master = random.bytes(32);
  const workspace = { database, db: database.kysely, ...(await addWorkspace(database, master)) };
  const test = await startTestEngine(workspace, { work: false });
  const callsFile = join(temporaryFolder(), "calls");
  const script_ = join(import.meta.dirname, "take-over-worker.ts");
  const worker = (mode: string) =>
    startProcess(script_, database.url ?? "", master.toString("hex"), callsFile, mode);

  const doomed = worker("hanging");
  await doomed.says("working");
  const steps = script({ tool: "create_agent_user" }, { tool: "get_totp_code" }, { say: "done" });
  const runId = await test.start(agentGraph(steps, ["create_agent_user", "get_totp_code"]), "Go.");
  await doomed.says("between two calls");
  const heir = worker("healthy");
  await heir.says("working");
  await doomed.kill();

  const run = await test.finished(runId);
  expect(run).toMatchObject({ status: "succeeded", output: "done" });
  expect(eventsOf(run, "run.resumed")).toHaveLength(1);
  expect(readFileSync(callsFile, "utf8").trim().split("\n")).toEqual([
    "hanging create_agent_user",
    "hanging get_totp_code",
    "healthy get_totp_code",
  ]);
}, 60_000);
