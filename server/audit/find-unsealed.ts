import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";
import { type ChainRow, chainColumns } from "./chain/chain-row.ts";

interface UnsealedOptions {
  readonly workspaceId: string;
  /** Only seals up to this sequence count: what was sealed since then is found too. */
  readonly sealedUpTo: number;
}

const unsealed = ({ workspaceId, sealedUpTo }: UnsealedOptions) => sql`e.workspace_id = ${workspaceId}
  and e.id > coalesce((select n.settled_id from audit_seal n where n.workspace_id = ${workspaceId}
    and n.last_sequence <= ${sealedUpTo} order by n.first_sequence desc limit 1), 0)
  and not exists (select 1 from audit_seal s where s.workspace_id = ${workspaceId} and s.last_event_id >= e.id
    and s.last_sequence <= ${sealedUpTo} and e.id = any(s.event_ids))`;

/** Rows behind an id that no seal has yet, oldest first: those of the last seconds, mostly. */
export async function findUnsealed(
  db: Kysely<Tables>,
  { after, limit, ...options }: UnsealedOptions & { readonly after: number; readonly limit: number },
): Promise<ChainRow[]> {
  const { rows } = await sql<ChainRow>`select ${chainColumns} from audit_event e
    where e.id > ${after} and ${unsealed(options)} order by e.id limit ${limit}`.execute(db);
  return rows;
}

export async function countUnsealed(
  db: Kysely<Tables>,
  options: UnsealedOptions,
): Promise<{ readonly rows: number; readonly oldest: Date | null }> {
  const { rows } = await sql<{ rows: number; oldest: Date | null }>`
    select count(*) as rows, min(e.at) as oldest from audit_event e where ${unsealed(options)}`.execute(db);
  return rows[0] ?? { rows: 0, oldest: null };
}
