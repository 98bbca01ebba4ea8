import { type Kysely, sql } from "kysely";

/**
 * Finds rows that have ended. Each new row removes them, and strangers make some of them by the thousand: a wrong
 * password is a row, and so is the question for a passkey.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create index sign_in_failure_since on sign_in_failure (since)`,
  `create index passkey_challenge_ends on passkey_challenge (expires_at)`,
  `create index single_sign_on_attempt_ends on single_sign_on_attempt (expires_at)`,
  `create index studio_session_ends on studio_session (expires_at)`,
];
