import type { Clock } from "../clock.ts";
import { isDatabaseAway } from "../database/is-database-away.ts";

/** How long a write waits for the database to come back before the run is left to another process. */
const patienceMs = 60_000;

/** Repeats an attempt while the database cannot be reached. The attempt must be safe to repeat. */
export async function retryWhileAway<T>(
  attempt: () => Promise<T>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<T> {
  const giveUpAt = clock.now().getTime() + patienceMs;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDatabaseAway(error) || clock.now().getTime() > giveUpAt) throw error;
      await clock.sleep(pause, signal);
    }
  }
}
