import type { ColumnType, GeneratedAlways, Insertable, RawBuilder } from "kysely";
import type { SealedText } from "../../secrets/seal.ts";
import type { MaybeTime, Time } from "./column.ts";

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

/** A key that signs seals. A workspace has several over time; the newest signs. */
export interface AuditKeyTable {
  workspace_id: string;
  /** The fingerprint of the public key. */
  id: string;
  public_key: string;
  sealed_private_key: SealedText;
  created_at: Time;
}

/** The links of some rows of the log, and a signature over the last. */
export interface AuditSealTable {
  workspace_id: string;
  first_sequence: number;
  last_sequence: number;
  /** In the order of the chain: the first is that of first_sequence. Text where it is written. */
  event_ids: ColumnType<number[], RawBuilder<number[]>, never>;
  /** 32 bytes for each of them. */
  hashes: Uint8Array;
  last_event_id: number;
  /** No row up to this id joins the chain any more. */
  settled_id: number;
  /** Rows that were there, unsealed, when the process that sealed them began to seal. */
  found_unsealed: number;
  sealed_at: Time;
  key_id: string;
  signature: string;
}

export type NewAuditSeal = Insertable<AuditSealTable>;

/** A stream of the log to another system. One process holds it at a time, and sends. */
export interface AuditStreamTable {
  id: string;
  holder: string | null;
  held_until: MaybeTime;
  seen_at: Time;
  /** Why the last delivery did not succeed, in our own words. */
  problem: string | null;
  problem_since: MaybeTime;
}

/** How far a workspace's chain was sent. */
export interface AuditStreamCursorTable {
  stream_id: string;
  workspace_id: string;
  sequence: number;
  sent_at: Time;
}
