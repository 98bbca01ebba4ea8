import { type Kysely, sql } from "kysely";

/** Finds who was shown an agent's key, among all events: who has it may be who asks for a code with it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index audit_event_key_shown on audit_event (workspace_id, subject_id)
    where action in ('agent_user.key_read', 'agent_user.created') and actor_kind in ('person', 'service_key')`.execute(
    db,
  );
}
