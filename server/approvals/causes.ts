import { type Kysely, sql } from "kysely";
import { isUuid } from "../../plugin/uuid.ts";
import type { Caller } from "../access/caller.ts";
import type { Tables } from "../database/tables.ts";

/** How many steps back, from a run to the agent that started it and to that agent's own runs. */
const mostSteps = 5;

/**
 * The persons who asked or caused a call: who started its run or sent its request, or created the key or token that
 * did. Where an agent did, the persons behind that agent's own runs and addresses, and those who were shown its key: it
 * cannot be told which one.
 */
export async function causesOf(
  trx: Kysely<Tables>,
  { workspaceId, actor, trace }: Caller,
  now: Date,
): Promise<string[]> {
  const persons = new Set<string>();
  const seen = new Set<string>();
  let names = [trace?.runId ? await starterOf(trx, workspaceId, trace.runId) : `${actor.kind}:${actor.id}`];
  for (let step = 0; step < mostSteps && names.length > 0; step++) {
    const next: string[] = [];
    for (const name of names) {
      if (seen.has(name)) continue;
      seen.add(name);
      const [kind = "", ...rest] = name.split(":");
      const id = rest.join(":");
      if (kind === "person" && isUuid(id)) persons.add(id);
      if (kind === "service_key")
        for (const person of await makersOf(trx, workspaceId, id)) persons.add(person);
      if (kind === "agent_user") next.push(...(await behindAgent(trx, { workspaceId, username: id, now })));
    }
    names = next;
  }
  return [...persons];
}

async function starterOf(trx: Kysely<Tables>, workspaceId: string, runId: string): Promise<string> {
  const run = await trx
    .selectFrom("workflow_run")
    .select("started_by")
    .where("id", "=", runId)
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  return run?.started_by ?? "";
}

/** The audit log names keys by their names; a name that is used again may have had several makers. */
async function makersOf(trx: Kysely<Tables>, workspaceId: string, name: string): Promise<string[]> {
  const rows = await trx
    .selectFrom("service_key")
    .select("created_by_person")
    .distinct()
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", name)
    .where("created_by_person", "is not", null)
    .execute();
  return rows.flatMap(({ created_by_person: person }) => (person === null ? [] : [person]));
}

async function behindAgent(
  trx: Kysely<Tables>,
  {
    workspaceId,
    username,
    now,
  }: { readonly workspaceId: string; readonly username: string; readonly now: Date },
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    with agent as (select id, workflow_id from agent_user where workspace_id = ${workspaceId} and username = ${username})
    select r.started_by as name from agent u join workflow_run r on r.workflow_id::text = u.workflow_id
      where r.workspace_id = ${workspaceId} and (r.finished_at is null or r.finished_at > ${now}::timestamptz - interval '1 day')
    union select 'person:' || t.created_by_person from agent u join mcp_token t on t.agent_user_id = u.id
      where t.revoked_at is null and t.created_by_person is not null
    union select actor_kind || ':' || actor_id from audit_event
      where workspace_id = ${workspaceId} and subject_id = ${username}
        and action in ('agent_user.key_read', 'agent_user.created') and actor_kind in ('person', 'service_key')`.execute(
    trx,
  );
  return rows.map(({ name }) => name);
}
