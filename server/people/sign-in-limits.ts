import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { hashToken } from "../secrets/bearer-token.ts";
import type { PeopleParts } from "./people-parts.ts";

/** How many wrong tries a subject has in an hour. NIST SP 800-63B section 3.2.2 allows 100 in a row. */
const windowMs = 60 * 60_000;
const most = { person: 10, device: 10, network: 50 } as const;

export interface TriedBy {
  readonly email: string;
  readonly ip: string;
  /** The known device of the person that was named, if this is one. */
  readonly knownDevice: string | undefined;
}

interface Subject {
  readonly name: string;
  readonly most: number;
}

/**
 * What a try counts for. A browser in which the person signed in before has a number of its own, so that all strangers
 * together cannot use up the tries of the owner. An address without a person counts as one with: the answers are the same.
 */
function subjectsOf({ email, ip, knownDevice }: TriedBy): readonly Subject[] {
  if (knownDevice !== undefined)
    return [{ name: `device:${hashToken(`${knownDevice} ${email}`)}`, most: most.device }];
  return [
    { name: `person:${hashToken(email)}`, most: most.person },
    { name: `network:${networkOf(ip)}`, most: most.network },
  ];
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
export async function countTry(
  parts: Pick<PeopleParts, "db" | "clock">,
  by: TriedBy,
): Promise<() => Promise<void>> {
  const { db, clock } = parts;
  const now = clock.now();
  // What counts no more goes: strangers make a row for every address that they name.
  const windowBegan = new Date(now.getTime() - windowMs);
  await db.deleteFrom("sign_in_failure").where("since", "<=", windowBegan).execute();
  const counted: string[] = [];
  for (const subject of subjectsOf(by)) {
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
        message:
          "Too many wrong tries. Wait, use a browser in which you signed in before, or sign in by a passkey or a link.",
        retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)),
      });
    }
    counted.push(subject.name);
  }
  return () => takeBack(db, counted);
}

async function takeBack(db: PeopleParts["db"], subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  await db
    .updateTable("sign_in_failure")
    .set({ failures: sql<number>`greatest(failures - 1, 0)` })
    .where("subject", "in", subjects)
    .execute();
}
