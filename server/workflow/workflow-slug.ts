import type { Kysely } from "kysely";
import slugifyModule from "slugify";
import type { Tables } from "../database/tables.ts";

// slugify is CommonJS: its types put the function on `default`, Node hands over the function itself.
const slugify = slugifyModule as unknown as typeof slugifyModule.default;

const longest = 60;

/**
 * The part of a workflow's name that usernames are made of. It never contains `_`, so that
 * `parseUsername` reads a username in one way only.
 */
export function slugOfName(name: string): string {
  const slug = slugify(name.replaceAll("_", "-"), { lower: true, strict: true })
    // Some letters get combining marks when slugify lower-cases them, after it has removed such marks.
    .replaceAll(/[^a-z0-9-]+/g, "")
    .replaceAll(/-{2,}/g, "-");
  return trimDashes(trimDashes(slug).slice(0, longest)) || "workflow";
}

/** The slug itself, then `slug-2`, `slug-3`, … */
export function numbered(slug: string, number: number): string {
  const suffix = number === 1 ? "" : `-${number}`;
  return trimDashes(slug.slice(0, longest - suffix.length)) + suffix;
}

/** How many numbers one query asks about. */
const step = 32;

/**
 * A number that is not taken: the first, as long as those before it have no gaps. It does not try them one by one:
 * with a hundred thousand workflows of one name each start would be slower than the one before.
 */
export async function findFreeNumber(
  findTaken: (numbers: readonly number[]) => Promise<ReadonlySet<number>>,
): Promise<number> {
  const firstFree = async (numbers: readonly number[]): Promise<number> => {
    const taken = await findTaken(numbers);
    return numbers.findIndex((number) => !taken.has(number));
  };
  const from = (start: number, by: number) => Array.from({ length: step }, (_, index) => start + index * by);
  for (let first = 1, by = 1; ; ) {
    const index = await firstFree(from(first, by));
    if (index >= 0 && by === 1) return first + index;
    if (index < 0) {
      // All are taken: continue in larger steps.
      first += (step - 1) * by + 1;
      by *= step;
    } else {
      // It is between the last taken number and this one: continue in smaller steps.
      if (index > 0) first += (index - 1) * by + 1;
      by /= step;
    }
  }
}

/** Takes the first slug of this name that no workflow of the workspace has or had, in any builder. Part of the caller's transaction. */
export async function claimSlug(trx: Kysely<Tables>, workspaceId: string, name: string): Promise<string> {
  const wanted = slugOfName(name);
  const findTaken = async (numbers: readonly number[]): Promise<ReadonlySet<number>> => {
    const slugs = numbers.map((number) => numbered(wanted, number));
    const rows = await trx
      .selectFrom("taken_slug")
      .select("slug")
      .where("workspace_id", "=", workspaceId)
      .where("slug", "in", slugs)
      .execute();
    const taken = new Set(rows.map(({ slug }) => slug));
    // By the slug: a long name that ends in a number can be its own numbered form.
    return new Set(numbers.filter((_, index) => taken.has(slugs[index] ?? "")));
  };
  for (;;) {
    const slug = numbered(wanted, await findFreeNumber(findTaken));
    const claimed = await trx
      .insertInto("taken_slug")
      .values({ workspace_id: workspaceId, slug })
      // Another transaction took it in the meantime: try again.
      .onConflict((conflict) => conflict.doNothing())
      .returning("slug")
      .executeTakeFirst();
    if (claimed) return slug;
  }
}

const trimDashes = (text: string): string => text.replaceAll(/^-+|-+$/g, "");
