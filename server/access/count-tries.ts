import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";

const windowMs = 60 * 60_000;

/** What wrong tries are counted for, and how many it has in an hour. */
export interface TriedSubject {
  readonly name: string;
  readonly most: number;
}

/** One customer of a provider has 2^64 addresses of IPv6: they count as one. */
export function networkOf(ip: string): string {
  const bare = ip.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!bare.includes(":")) return bare;
  const [head = "", tail] = bare.split("::");
  const before = head.split(":").filter(Boolean);
  const after = tail?.split(":").filter(Boolean) ?? [];
  const groups = [...before, ...Array(Math.max(0, 8 - before.length - after.length)).fill("0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/**
 * Counts a try before anything is computed for it, and refuses where there were too many. Counting comes first, so that
 * a hundred tries at once are a hundred. Answers how to take it back: a right password and a fault of ours cost nothing.
 */
export async function countTries(
  { db, clock }: { readonly db: Kysely<Tables>; readonly clock: Clock },
  subjects: readonly TriedSubject[],
  message: string,
): Promise<() => Promise<void>> {
  const now = clock.now();
  // What counts no more goes: strangers make a row for every address that they name.
  const windowBegan = new Date(now.getTime() - windowMs);
  await db.deleteFrom("sign_in_failure").where("since", "<=", windowBegan).execute();
  const counted: string[] = [];
  for (const subject of subjects) {
    const { failures, since } = await db
      .insertInto("sign_in_failure")
      .values({ subject: subject.name, failures: 1, since: now })
      .onConflict((conflict) =>
        conflict.column("subject").doUpdateSet({
          failures: sql<number>`case when sign_in_failure.since <= ${windowBegan} then 1 else sign_in_failure.failures + 1 end`,
          since: sql<Date>`case when sign_in_failure.since <= ${windowBegan} then ${now} else sign_in_failure.since end`,
        }),
      )
      .returning(["failures", "since"])
      .executeTakeFirstOrThrow();
    if (failures > subject.most) {
      await takeBack(db, counted);
      const left = since.getTime() + windowMs - now.getTime();
      throw new PluginError("RATE_LIMITED", {
        message,
        retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)),
      });
    }
    counted.push(subject.name);
  }
  return () => takeBack(db, counted);
}

async function takeBack(db: Kysely<Tables>, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  await db
    .updateTable("sign_in_failure")
    .set({ failures: sql<number>`greatest(failures - 1, 0)` })
    .where("subject", "in", subjects)
    .execute();
}
