import type { Selectable } from "kysely";
import type { InboxMessageTable } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { headPlace } from "./inbox-parts.ts";
import type { MessageHead } from "./read-delivery.ts";
import type { SettledMessage } from "./settle.ts";

type Row = Pick<
  Selectable<InboxMessageTable>,
  | "id"
  | "address"
  | "sender"
  | "sender_host"
  | "run_id"
  | "received_at"
  | "expires_at"
  | "kind"
  | "contested"
  | "authentication"
  | "taken_by_kind"
  | "taken_by_id"
  | "sealed_head"
>;

/** A row as `settle` looks at it. Its head is opened when it is asked for, and once. */
export function toSettledMessage(keys: WorkspaceKeys, row: Row): SettledMessage {
  let head: MessageHead | undefined;
  return {
    id: row.id,
    address: row.address,
    sender: row.sender,
    senderHost: row.sender_host,
    runId: row.run_id,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
    kind: row.kind,
    contested: row.contested,
    // DMARC says that it is not from whom it says, or that nobody can tell who that is.
    doubted: row.authentication?.dmarc === "fail" || row.authentication?.dmarc === "permerror",
    takenBy: row.taken_by_kind === null ? null : `${row.taken_by_kind}:${row.taken_by_id}`,
    head: () => (head ??= openHead(keys, row)),
  };
}

/** What is known of a message; nothing once its text was deleted. */
export function openHead(keys: WorkspaceKeys, row: Pick<Row, "id" | "sealed_head">): MessageHead {
  if (row.sealed_head === null) return { subject: "", found: [], because: [] };
  const bytes = keys.open(headPlace(row.id), row.sealed_head);
  const head = JSON.parse(bytes.toString("utf8")) as MessageHead;
  bytes.fill(0);
  return head;
}
