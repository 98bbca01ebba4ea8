import { Pool } from "pg";
import { systemActor } from "../server/audit/audit-log.ts";
import { executeGetTotpCode } from "../server/nodes/get-totp-code.ts";
import { studioHost } from "../server/open-system.ts";
import { benchEnvironment, createBenchDatabase, openBenchSystem, overhearStatement } from "./bench-system.ts";
import { callsPerSecond, compareRates } from "./measure.ts";

const load = { callers: 10, milliseconds: 2_000 };

/** Executor calls of get_totp_code over the bare statement they need, 10 clients each. */
export async function benchExecutor(serverUrl: string): Promise<void> {
  const url = await createBenchDatabase(serverUrl);
  const bench = await openBenchSystem(benchEnvironment(url));
  const { system, workflow, place } = bench;
  const execute = executeGetTotpCode(system.agentUsers, {
    handles: system.handles,
    describe: system.agentUsers.describe,
    now: () => new Date(),
  });
  const call = {
    workspaceId: place.workspaceId,
    workflow,
    host: studioHost,
    nodeId: "code",
    callerNodeId: "agent",
    actor: systemActor,
    minRemaining: 0,
    signal: new AbortController().signal,
    config: { reveal: "value" as const },
  };
  const ours = () => execute({ username: "" }, call);
  const statement = await overhearStatement(ours);
  const pool = new Pool({ connectionString: url, max: load.callers });
  await compareRates("get_totp_code executor / bare statement, 10 clients", 0.8, {
    ours: () => callsPerSecond(ours, load),
    floor: () => callsPerSecond(() => pool.query({ name: "bare", ...statement }), load),
  });
  await pool.end();
  await system.database.close();
}
