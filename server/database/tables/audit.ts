import type { GeneratedAlways, Insertable } from "kysely";
import type { Time } from "./column.ts";

export interface AuditEventTable {
  id: GeneratedAlways<number>;
  workspace_id: string;
  at: Time;
  actor_kind: string;
  actor_id: string;
  /** Of a person: the name and the roles at that time. */
  actor_name: string | null;
  actor_role: string | null;
  /** The agent user an actor acted for, when they differ. */
  on_behalf_of: string | null;
  action: string;
  subject_kind: string | null;
  subject_id: string | null;
  result: "ok" | "refused";
  /** Why it was refused: only here, never in the answer. */
  reason: string | null;
  /** The time step that a code was issued for or accepted with. Never the code. */
  counter: number | null;
  workflow_id: string | null;
  run_id: string | null;
  node_id: string | null;
  ip: string | null;
}

export type NewAuditEvent = Insertable<AuditEventTable>;
