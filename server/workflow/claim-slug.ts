import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.ts";
import { freeSlug, slugOfName } from "./workflow-slug.ts";

/** Takes the first slug of this name that no workflow of the workspace has or had, in any builder. Part of the transaction that uses it. */
export async function claimSlug(trx: Kysely<Tables>, workspaceId: string, name: string): Promise<string> {
  const wanted = slugOfName(name);
  for (;;) {
    const rows = await trx
      .selectFrom("taken_slug")
      .select("slug")
      .where("workspace_id", "=", workspaceId)
      // The shortest stem any numbered form of this slug can have been cut to.
      .where("slug", "like", `${wanted.slice(0, 50)}%`)
      .execute();
    const slug = freeSlug(wanted, new Set(rows.map((taken) => taken.slug)));
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
