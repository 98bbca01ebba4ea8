import { type Kysely, sql } from "kysely";
import type { HostWorkflow } from "../../plugin/api/host-calls.ts";
import type { HostInstance } from "../access/caller.ts";
import { accountState } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";

interface Row {
  id: string;
  host: string;
  host_instance: string;
  workflow_id: string;
  name: string;
  slug: string;
  created_at: Date;
  removed_at: Date | null;
  agent_node_id: string;
  agent_node_name: string;
  username: string;
  state: "active" | "disabled" | "locked";
  enrolled_at: Date;
  last_used_at: Date | null;
}

export interface HostWorkflowFilter {
  readonly workspaceId: string;
  /** Of one installation; null: of none. */
  readonly only: HostInstance | null | undefined;
  readonly workflowId: string | undefined;
  readonly now: Date;
}

/** Workflows of other builders with their identities, newest workflow first. One statement. */
export async function listHostWorkflows(
  db: Kysely<Tables>,
  { workspaceId, only, workflowId, now }: HostWorkflowFilter,
): Promise<HostWorkflow[]> {
  if (only === null) return [];
  // The conditions on `action` and `result` are those of the index, word for word.
  const { rows } = await sql<Row>`
    select w.id, w.host, w.host_instance, w.workflow_id, w.name, w.slug, w.created_at, w.removed_at,
      u.agent_node_id, u.agent_node_name, u.username, u.created_at as enrolled_at,
      ${accountState("u", now)} as state,
      (select max(e.at) from audit_event e
        where e.workspace_id = u.workspace_id and e.subject_id = u.username
          and e.result = 'ok' and e.action in ('code.read', 'code.verified')) as last_used_at
    from host_workflow w
    join agent_user u on u.workspace_id = w.workspace_id and u.host = w.host
      and u.host_instance = w.host_instance and u.workflow_id = w.workflow_id
    where w.workspace_id = ${workspaceId}
      ${only ? sql`and w.host = ${only.host} and w.host_instance = ${only.hostInstance}` : sql``}
      ${workflowId === undefined ? sql`` : sql`and w.workflow_id = ${workflowId}`}
    order by w.created_at desc, w.slug, u.created_at, u.agent_node_id`.execute(db);
  const workflows = new Map<string, HostWorkflow>();
  for (const row of rows) {
    const workflow = workflows.get(row.id) ?? {
      id: row.id,
      host: row.host,
      host_instance: row.host_instance,
      workflow_id: row.workflow_id,
      workflow_name: row.name,
      slug: row.slug,
      created_at: row.created_at.toISOString(),
      removed_at: row.removed_at?.toISOString() ?? null,
      identities: [],
    };
    workflow.identities.push({
      agent_node_id: row.agent_node_id,
      agent_node_name: row.agent_node_name,
      username: row.username,
      state: row.state,
      created_at: row.enrolled_at.toISOString(),
      last_used_at: row.last_used_at?.toISOString() ?? null,
    });
    workflows.set(row.id, workflow);
  }
  return [...workflows.values()];
}
