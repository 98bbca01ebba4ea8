import { Pool } from "pg";
import { administratorCaller } from "../server/access/caller.ts";
import { getTotpCode } from "../server/nodes/get-totp-code.ts";
import type { NodeParts } from "../server/nodes/node-parts.ts";
import { studioHost } from "../server/open-system.ts";
import { benchEnvironment, createBenchDatabase, openBenchSystem, overhearStatement } from "./bench-system.ts";
import { callsPerSecond, compareRates } from "./measure.ts";

const load = { callers: 10, milliseconds: 2_000 };

/** Executor calls of get_totp_code over the bare statement that they need, with 10 clients each. */
export async function benchExecutor(serverUrl: string): Promise<void> {
  const url = await createBenchDatabase(serverUrl);
  const bench = await openBenchSystem(benchEnvironment(url));
  const { system, workflow, agent } = bench;
  const { agentUsers } = system;
  const parts = { agentUsers } as NodeParts;
  const call = {
    caller: administratorCaller(agent.workspaceId),
    workflow,
    host: studioHost,
    nodeId: "code",
    callerNodeId: "agent",
    minRemaining: 0,
    signal: new AbortController().signal,
    config: { reveal: "value" as const },
  };
  const ours = () => getTotpCode(parts, { username: "", reason: "" }, call);
  const statement = await overhearStatement(ours);
  const pool = new Pool({ connectionString: url, max: load.callers });
  await compareRates("get_totp_code executor / bare statement, 10 clients", 0.8, {
    ours: () => callsPerSecond(ours, load),
    floor: () => callsPerSecond(() => pool.query({ name: "bare", ...statement }), load),
  });
  await pool.end();
  await system.database.close();
}
