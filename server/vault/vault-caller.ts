import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../audit/audit-log.ts";
import type { VaultPrincipalKind, VaultRight } from "../database/tables.ts";

/** Who owns entries or was granted something: settled by authentication or by the graph, never by a body. */
export interface VaultPrincipal {
  readonly kind: VaultPrincipalKind;
  /** An administrator's is the workspace's own. */
  readonly id: string;
}

/** What is known of every request to the vault. */
export interface VaultTrace {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly workflowId?: string | undefined;
  readonly runId?: string | undefined;
  readonly nodeId?: string | undefined;
}

/** Who asks the vault for something. */
export interface VaultCaller extends VaultPrincipal, VaultTrace {
  /** May do everything in this workspace, and every use of that is audited. */
  readonly admin: boolean;
}

/** An agent on a canvas, known by where it stands: its account is found by the statement that serves it. */
export interface AgentCaller extends VaultTrace {
  readonly place: {
    readonly host: string;
    readonly hostInstance: string;
    readonly workflowId: string;
    readonly agentNodeId: string;
    readonly workflowVersion?: number;
  };
}

/** How an entry is named: by its id, or by the name its caller knows it under. */
export type EntryRef = { readonly id: string } | { readonly name: string };

export const allRights = ["codes", "backup", "data", "manage"] as const satisfies readonly VaultRight[];

/** Whether `e` belongs to the caller. */
export const isOwn = (caller: VaultPrincipal): RawBuilder<boolean> =>
  sql<boolean>`(e.owner_kind = ${caller.kind} and e.owner_id = ${caller.id}::uuid)`;

/** What the caller may do with `e`; nothing means that for them there is no such entry. */
export const rightsOn = (caller: VaultCaller): RawBuilder<VaultRight[]> =>
  caller.admin
    ? sql<VaultRight[]>`${sql.lit(`{${allRights.join(",")}}`)}::text[]`
    : sql<VaultRight[]>`case when ${isOwn(caller)} then ${sql.lit(`{${allRights.join(",")}}`)}::text[]
        else coalesce((select g.rights from vault_grant g
          where g.entry_id = e.id and g.grantee_kind = ${caller.kind} and g.grantee_id = ${caller.id}::uuid), '{}') end`;
