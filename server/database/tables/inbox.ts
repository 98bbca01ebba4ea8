import type { ColumnType, Generated } from "kysely";
import type { ReadingKind } from "../../../plugin/api/inbox.ts";
import type { Role } from "../../../plugin/roles.ts";
import type { SealedText } from "../../secrets/seal.ts";
import type { MaybeTime, Time } from "./column.ts";

/** Where messages end: an agent user's own, or the workspace's under an address. */
export interface MailboxTable {
  id: string;
  workspace_id: string;
  agent_user_id: string | null;
  address: string | null;
  /** The key of its messages' hashes: a hash of six digits without a key would reveal them. */
  sealed_hash_key: SealedText;
  /** Senders or hosts; with one or more, mail of all others is refused. */
  allow: Generated<string[]>;
  block: Generated<string[]>;
  created_at: Time;
}

/** An agent user that may wait for the codes of a workspace's mailbox. */
/** One of an agent user, a person and a role. */
export interface MailboxReaderTable {
  mailbox_id: string;
  agent_user_id: string | null;
  person_id: string | null;
  role: Role | null;
  created_by: string;
  created_at: Time;
}

export type MessageKind = ReadingKind;

export type MessageChannel = "email" | "sms" | "api";

export interface InboxMessageTable {
  id: string;
  workspace_id: string;
  mailbox_id: string;
  thread_id: string;
  message_id_hash: string | null;
  content_hash: string;
  /** Where it was sent to, with the part after a plus. */
  address: string;
  channel: MessageChannel;
  sender: string;
  sender_host: string;
  /** The subject, and what the reader found and why. */
  sealed_head: SealedText | null;
  sealed_body: SealedText | null;
  kind: MessageKind;
  confidence: number;
  authentication: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  /** The run that its sender named; any text. */
  run_id: string | null;
  task_id: string | null;
  workflow_id: string | null;
  source: string | null;
  labels: Generated<string[]>;
  /** Two runs waited for it, and only a person may choose one. */
  contested: Generated<boolean>;
  received_at: Time;
  /** When its code counts as too old. */
  expires_at: Time;
  modified_at: Time;
  purge_at: Time;
  purged_at: MaybeTime;
  taken_at: MaybeTime;
  taken_by_kind: string | null;
  taken_by_id: string | null;
  taken_by_name: string | null;
  taken_run_id: string | null;
}

export interface CodeWaitTable {
  id: string;
  workspace_id: string;
  mailbox_id: string;
  caller_kind: string;
  caller_id: string;
  caller_name: string;
  address: string | null;
  sender: string | null;
  service: string | null;
  for_run: string | null;
  type: "code" | "link" | "any";
  /** Messages before this are not for it. */
  since: Time;
  begun_at: Time;
  expires_at: Time;
  /** A caller without a run renews this while it waits; after a crash it is not renewed. */
  alive_until: MaybeTime;
  state: Generated<"waiting" | "answered" | "timed_out" | "cancelled">;
  /** A message came, and a person must choose the code, or the wait that gets it. */
  ambiguous: Generated<boolean>;
  message_id: string | null;
  sealed_answer: SealedText | null;
  run_id: string | null;
  node_id: string | null;
  /** The tool call that waits: the same when it is repeated after a crash. */
  call_id: string | null;
  agent_node_id: string | null;
  settled_at: MaybeTime;
}

export type InboxSourceKind = "twilio" | "webhook" | "pull";

/** A source of messages that an administrator added. */
export interface InboxSourceTable {
  id: string;
  workspace_id: string;
  kind: InboxSourceKind;
  name: string;
  /** Where all its messages go; null: where each message says. */
  address: string | null;
  /** What the address means; null while there is no such mailbox. */
  mailbox_id: string | null;
  /** The address to ask; for Twilio the address that it signs, where it differs from ours. */
  url: string | null;
  sealed_secret: SealedText;
  created_by: string;
  created_at: Time;
  last_used_at: MaybeTime;
  disabled_at: MaybeTime;
  /** When the audit log last noted a refusal. */
  refusal_noted_at: MaybeTime;
  /** No process asks it before this time: one just asked, or asks now. */
  ask_after: MaybeTime;
  /** How often in a row it could not be asked. */
  failures: Generated<number>;
  last_error: InboxSourceError | null;
}

/** Why a source gave nothing: never its own words. */
export type InboxSourceError = "address_refused" | "unreachable" | "refused" | "unreadable";

/** A signature, message or code that a source delivered once. */
export interface InboxSourceSeenTable {
  source_id: string;
  /** Keyed with the source's secret: a hash of six digits without a key would reveal them. */
  hash: string;
  expires_at: Time;
}

/** What an administrator decided about a workspace's inbox. */
export interface InboxSettingTable {
  workspace_id: string;
  /** The settings of the model that gives a second opinion. */
  second_opinion: ColumnType<Record<string, unknown> | null, string | null, string | null>;
}
