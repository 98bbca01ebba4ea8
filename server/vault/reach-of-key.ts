import { type RawBuilder, sql } from "kysely";
import {
  type AgentLocation,
  type AgentNodeCaller,
  type AuthenticatedCaller,
  studioHostName,
} from "../access/caller.ts";
import type { VaultRight } from "../database/tables.ts";
import { workflowIs } from "../database/workflow-is.ts";

/**
 * An agent's own key comes from anywhere: the agent's program, a host of MCP, a copy of the key. A grant is meant for
 * what the canvas shows. So outside the canvas it holds where it says so itself. Else it gives codes while the canvas
 * has the wire, and nothing more.
 */
export function heldToCanvas(
  caller: AuthenticatedCaller | AgentNodeCaller,
): Pick<AgentLocation, "workflowId" | "agentNodeId"> | undefined {
  // What the runner and the builders call follows the wires already.
  if (caller.kind !== "agent_user" || caller.provenBy === "graph") return undefined;
  const { host, workflowId, agentNodeId } = caller.location;
  // Another builder has its canvas, and may have the same ids.
  return host === studioHostName ? { workflowId, agentNodeId } : { workflowId: "", agentNodeId };
}

interface Wire {
  readonly workspaceId: RawBuilder<unknown>;
  readonly workflowId: RawBuilder<unknown>;
  readonly agentNodeId: RawBuilder<unknown>;
  /** The name of the entry that the wire has to lead to. */
  readonly entryName: RawBuilder<unknown>;
}

/** Whether the saved workflow has a Vault TOTP wired to the agent that names this entry, or none. */
export const hasWire = ({
  workspaceId,
  workflowId,
  agentNodeId,
  entryName,
}: Wire): RawBuilder<boolean> => sql<boolean>`
  exists (select from workflow w
    join workflow_version v on v.workflow_id = w.id and v.version = w.version
    cross join jsonb_array_elements(v.edges) edge
    join jsonb_array_elements(v.nodes) node on node ->> 'id' = edge ->> 'source'
    where w.workspace_id = ${workspaceId}::uuid and ${workflowIs("w", workflowId)} and w.deleted_at is null
      and edge ->> 'label' = 'tool' and edge ->> 'target' = ${agentNodeId}::text
      and node ->> 'type' = 'vault_totp'
      and coalesce(node #>> '{data,config,entry}', '') in ('', ${entryName}))`;

/** Whether grant `g` of an entry holds for this caller where it comes from. */
export function holdsFor(
  caller: AuthenticatedCaller | AgentNodeCaller,
  entryName: RawBuilder<unknown>,
): RawBuilder<boolean> {
  const held = heldToCanvas(caller);
  if (!held) return sql<boolean>`true`;
  const wire = hasWire({
    workspaceId: sql`${caller.workspaceId}`,
    workflowId: sql`${held.workflowId}`,
    agentNodeId: sql`${held.agentNodeId}`,
    entryName,
  });
  return sql<boolean>`(g.outside_canvas or ${wire})`;
}

/** What grant `g` gives there. A wired Vault TOTP shows that the agent gets codes, and nothing else. */
export const rightsThere = (caller: AuthenticatedCaller): RawBuilder<VaultRight[]> =>
  heldToCanvas(caller)
    ? sql<
        VaultRight[]
      >`case when g.outside_canvas then g.rights when 'codes' = any(g.rights) then '{codes}' else '{}' end`
    : sql<VaultRight[]>`g.rights`;
