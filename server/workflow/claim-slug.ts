import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.ts";
import { findFreeNumber, numbered, slugOfName } from "./workflow-slug.ts";

/** Takes the first slug of this name that no workflow of the workspace has or had, in any builder. Part of the transaction that uses it. */
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
    // By the slug: a long name that ends in a number is its own numbered form.
    return new Set(numbers.filter((_, index) => taken.has(slugs[index] ?? "")));
  };
  for (;;) {
    const slug = numbered(wanted, await findFreeNumber(findTaken));
    const claimed = await trx
      .insertInto("taken_slug")
      .values({ workspace_id: workspaceId, slug })
      // Someone else took it since we looked: look again.
      .onConflict((conflict) => conflict.doNothing())
      .returning("slug")
      .executeTakeFirst();
    if (claimed) return slug;
  }
}
