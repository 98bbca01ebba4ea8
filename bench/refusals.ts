import { administratorCaller } from "../server/access/caller.ts";
import { benchEnvironment, createBenchDatabase, openBenchSystem } from "./bench-system.ts";
import { median, report } from "./measure.ts";

const samples = 300;

/** Whether the time of a refusal shows what was wrong with the code: medians of wrong, used and late codes, in turn. */
export async function benchRefusals(serverUrl: string): Promise<void> {
  const { system, agent } = await openBenchSystem(benchEnvironment(await createBenchDatabase(serverUrl)));
  const { agentUsers, database } = system;
  const db = database.kysely;
  const { username } = await agentUsers.describe(agent);
  const verify = (code: string) =>
    agentUsers.verifyOf(administratorCaller(agent.workspaceId), { username, code });
  const { code: used } = await agentUsers.issueCode({
    caller: agent,
    requested: "",
    minRemaining: 20,
    signal: new AbortController().signal,
  });
  await verify(used);
  // The used code stays within the window for the whole bench. Otherwise it would be a late code.
  const codes = { wrong: used === "000000" ? "111111" : "000000", used, malformed: "12345" };
  const taken: Record<keyof typeof codes, number[]> = { wrong: [], used: [], malformed: [] };
  for (let sample = 0; sample < samples; sample++) {
    for (const name of Object.keys(codes) as (keyof typeof codes)[]) {
      await db
        .updateTable("agent_user")
        .set({ failures_in_a_row: 0, recent_failures: [], locked_until: null })
        .execute();
      const start = performance.now();
      await verify(codes[name]).catch(() => {});
      taken[name].push(performance.now() - start);
    }
  }
  const [wrong, other] = [median(taken.wrong), median(taken.used)];
  const apart = Math.abs(other / wrong - 1) * 100;
  report(
    "time of refusing a used code, beside that of a wrong one",
    `${apart.toFixed(0)} % apart  (${other.toFixed(2)} and ${wrong.toFixed(2)} ms; malformed ${median(taken.malformed).toFixed(2)})`,
    "10 % or less",
    apart <= 10,
  );
  await database.close();
}
