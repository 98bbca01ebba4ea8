import type { z } from "zod";
import type { signInWays } from "../../plugin/api/people.ts";
import type { PeopleParts } from "./people-parts.ts";

/** What a sign-in page offers. It names no person. */
export async function readSignInWays({ db }: Pick<PeopleParts, "db">): Promise<z.infer<typeof signInWays>> {
  const first = await db.selectFrom("person").select("id").limit(1).executeTakeFirst();
  const providers = await db
    .selectFrom("single_sign_on")
    .select(["workspace_id", "name"])
    .orderBy("name")
    .execute();
  return { has_people: first !== undefined, single_sign_on: providers };
}
