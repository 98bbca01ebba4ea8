import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable } from "kysely";
import type { WorkflowEdge, WorkflowNode } from "../../plugin/workflow.ts";
import type { SealedText } from "../secrets/seal.ts";

/** Written as a Date, read as a Date. Defaults are never left to the database's clock: clocks are passed in. */
type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Json<T> = ColumnType<T, string, string>;

export interface WorkspaceTable {
  id: string;
  name: string;
  created_at: Time;
}

/** One data key per workspace and version, wrapped by the master key. */
export interface DataKeyTable {
  workspace_id: string;
  version: number;
  wrapped_key: SealedText;
  created_at: Time;
}

export interface ServiceKeyTable {
  id: string;
  workspace_id: string;
  name: string;
  scopes: string[];
  key_hash: string;
  created_at: Time;
  expires_at: MaybeTime;
  revoked_at: MaybeTime;
  /** The one host instance it speaks for; null for other keys, and until its first call. */
  host: string | null;
  host_instance: string | null;
}

/** A person's signed-in browser. Only the hash of the cookie is kept. */
export interface StudioSessionTable {
  id: string;
  workspace_id: string;
  token_hash: string;
  created_at: Time;
  expires_at: Time;
}

/** The account that belongs to one agent node of one workflow of one host. */
export interface AgentUserTable {
  id: string;
  workspace_id: string;
  host: string;
  host_instance: string;
  workflow_id: string;
  agent_node_id: string;
  /** What its agent was called when the account was made. */
  agent_node_name: string;
  username: string;
  purpose: string;
  scopes: string[];
  api_key_hash: string;
  sealed_api_key: SealedText;
  api_key_expires_at: MaybeTime;
  sealed_secret: SealedText;
  algorithm: string;
  digits: number;
  period: number;
  /** The greatest counter ever accepted; only a greater one is accepted again. */
  last_counter: number;
  /** The tool call that was accepted with `last_counter`, so that a call resumed after a crash finds its own answer. */
  last_accepted_call: string | null;
  failures_in_a_row: number;
  /** The latest five failures, newest first. */
  recent_failures: Generated<Date[]>;
  locked_until: MaybeTime;
  disabled_at: MaybeTime;
  disabled_because: "operator" | "node_deleted" | "workflow_deleted" | null;
  created_at: Time;
}

/** Short-lived proof of key and code together. */
export interface AgentSessionTable {
  id: string;
  agent_user_id: string;
  token_hash: string;
  created_at: Time;
  expires_at: Time;
}

/** Lets one agent user read another's codes. */
export interface AgentUserGrantTable {
  id: string;
  workspace_id: string;
  agent_user_id: string;
  reader_id: string;
  created_by: string;
  created_at: Time;
}

export interface ModelKeyTable {
  id: string;
  workspace_id: string;
  name: string;
  provider: string;
  base_url: string;
  sealed_key: SealedText;
  created_at: Time;
}

export interface WorkflowTable {
  id: string;
  workspace_id: string;
  slug: string;
  name: string;
  version: number;
  created_at: Time;
  updated_at: Time;
  deleted_at: MaybeTime;
}

/** Every slug that any workflow of a workspace has or had, whoever keeps it. */
export interface TakenSlugTable {
  workspace_id: string;
  slug: string;
}

/** A workflow that another builder keeps and whose agents have accounts here. */
export interface HostWorkflowTable {
  id: string;
  workspace_id: string;
  host: string;
  host_instance: string;
  workflow_id: string;
  name: string;
  slug: string;
  created_at: Time;
  removed_at: MaybeTime;
  /** A key of the host undoes only what the host did. */
  removed_by: "host" | "operator" | null;
}

/** Every saved version; a run executes one of them and never a newer one. */
export interface WorkflowVersionTable {
  workflow_id: string;
  version: number;
  nodes: Json<WorkflowNode[]>;
  edges: Json<WorkflowEdge[]>;
  created_at: Time;
}

export type RunStatus = "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";

export interface WorkflowRunTable {
  id: string;
  workspace_id: string;
  workflow_id: string;
  workflow_version: number;
  status: ColumnType<RunStatus, RunStatus, RunStatus>;
  input: string;
  output: string | null;
  error_code: string | null;
  error_message: string | null;
  /** Grows with every worker that takes the run over; writes of an older one are refused. */
  attempt: Generated<number>;
  /** How often it was laid aside to wait for something outside. */
  parks: Generated<number>;
  started_by: string;
  created_at: Time;
  started_at: MaybeTime;
  finished_at: MaybeTime;
}

/** What people see of a run, in order: the SSE stream and the page are both read from here. Codes and keys are masked. */
export interface RunEventTable {
  run_id: string;
  seq: number;
  type: string;
  node_id: string | null;
  data: Json<Record<string, unknown>>;
  created_at: Time;
}

/** The checkpoint of a run: what its models and tools really said, sealed, and deleted when the run ends. */
export interface RunStepTable {
  run_id: string;
  seq: number;
  node_id: string;
  kind: "model_answer" | "tool_started" | "tool_result" | "node_output";
  sealed_content: SealedText;
  created_at: Time;
}

export interface AuditEventTable {
  id: GeneratedAlways<number>;
  workspace_id: string;
  at: Time;
  actor_kind: string;
  actor_id: string;
  /** The agent user an actor acted for, when they differ. */
  on_behalf_of: string | null;
  action: string;
  subject_kind: string | null;
  subject_id: string | null;
  result: "ok" | "refused";
  /** Why it was refused: only here, never in the answer. */
  reason: string | null;
  /** The time step a code was made for or accepted with. Never the code. */
  counter: number | null;
  workflow_id: string | null;
  run_id: string | null;
  node_id: string | null;
  ip: string | null;
}

/** Who owns an entry or was granted something of one. An administrator's id is the workspace's. */
export type VaultPrincipalKind = "administrator" | "service_key" | "agent_user";
export type VaultRight = "codes" | "backup" | "data" | "manage";

/** How somebody logs in to an outside service; everything secret is sealed. */
export interface VaultEntryTable {
  id: string;
  workspace_id: string;
  owner_kind: VaultPrincipalKind;
  owner_id: string;
  name: string;
  type: string;
  metadata: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  /** All of the credential but its seed and its backup codes. */
  sealed_data: SealedText;
  /** The seed of the one second factor an entry may have; the columns below describe it. */
  sealed_secret: SealedText | null;
  otp_type: "totp" | "hotp" | null;
  algorithm: string | null;
  digits: number | null;
  period: number | null;
  issuer: string | null;
  account: string | null;
  /** The next counter of an HOTP seed (RFC 4226). */
  hotp_counter: number | null;
  /** The greatest time step that was handed out or is reserved, where one may be used once only. */
  last_counter: Generated<number>;
  single_use: Generated<boolean>;
  /** Shorter than the 128 bits RFC 4226 asks for. */
  weak_secret: Generated<boolean>;
  /** No code was confirmed yet; agents get none. */
  pending: Generated<boolean>;
  expires_at: MaybeTime;
  last_used_at: MaybeTime;
  last_rotated_at: MaybeTime;
  created_at: Time;
}

/** A seed that was replaced: it gives no code, and an administrator can bring it back for a while. */
export interface VaultReplacedSecretTable {
  id: string;
  entry_id: string;
  sealed_secret: SealedText;
  parameters: Json<Record<string, unknown>>;
  replaced_at: Time;
  restorable_until: Time;
}

export interface VaultBackupCodeTable {
  entry_id: string;
  position: number;
  sealed_code: SealedText;
  used_at: MaybeTime;
}

/** Limits of a grant; what is absent does not limit. */
export interface GrantPolicy {
  /** Ids of the workflows a call may come from. */
  readonly workflows?: readonly string[];
  /** Times of day, "HH:MM", in `time_zone`; `from` later than `to` means over midnight. */
  readonly hours?: { readonly from: string; readonly to: string; readonly time_zone: string };
  readonly max_reads_per_hour?: number;
  /** `approve`: a person says yes to every run. */
  readonly decision?: "auto" | "approve" | "deny";
}

/** A question to a person: may this run read these codes? */
export interface VaultApprovalTable {
  id: string;
  grant_id: string;
  run_id: string | null;
  node_id: string | null;
  state: "pending" | "approved" | "denied" | "used";
  created_at: Time;
  expires_at: Time;
  decided_by: string | null;
  decided_at: MaybeTime;
}

export interface VaultGrantTable {
  id: string;
  workspace_id: string;
  entry_id: string;
  grantee_kind: VaultPrincipalKind;
  grantee_id: string;
  rights: VaultRight[];
  policy: ColumnType<GrantPolicy, string | undefined, string>;
  /** When codes were read under this grant within the last hour, where it limits that. */
  recent_reads: Generated<Date[]>;
  created_by: string;
  created_at: Time;
}

/** The second factor of a workspace's people. */
export interface SecondStepTable {
  workspace_id: string;
  sealed_secret: SealedText;
  /** The greatest counter ever accepted; only a greater one is accepted again. */
  last_counter: number;
  /** Of codes and backup codes together. */
  failures_in_a_row: number;
  /** Locks since the last success: they grow. */
  locks_in_a_row: Generated<number>;
  locked_until: MaybeTime;
  confirmed_at: MaybeTime;
}

export interface SecondStepBackupCodeTable {
  workspace_id: string;
  code_hash: string;
}

/** Stands for a secret a model need not see; gone when it is used. */
export interface OneTimeHandleTable {
  id: string;
  workspace_id: string;
  agent_user_id: string;
  kind: "code" | "key" | "password";
  handle_hash: string;
  sealed_value: SealedText;
  created_at: Time;
  expires_at: Time;
}

/** A token in an address; it acts as its owner, which is an agent user or a service key. */
export interface McpTokenTable {
  id: string;
  workspace_id: string;
  agent_user_id: string | null;
  service_key_id: string | null;
  token_hash: string;
  created_at: Time;
  revoked_at: MaybeTime;
}

/** Where messages end: an agent user's own, or the workspace's under an address. */
export interface MailboxTable {
  id: string;
  workspace_id: string;
  agent_user_id: string | null;
  address: string | null;
  /** What hashes of its messages are keyed with: a hash of six digits alone would tell them. */
  sealed_hash_key: SealedText;
  /** Senders or hosts; with one or more, mail of all others is refused. */
  allow: Generated<string[]>;
  block: Generated<string[]>;
  created_at: Time;
}

/** An agent user that may wait for the codes of a workspace's mailbox. */
export interface MailboxReaderTable {
  mailbox_id: string;
  agent_user_id: string;
  created_by: string;
  created_at: Time;
}

export type MessageKind = "code" | "link" | "none" | "ambiguous";
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
  /** Subject, and what was found and why. */
  sealed_head: SealedText | null;
  sealed_body: SealedText | null;
  kind: MessageKind;
  confidence: number;
  authentication: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  /** What its sender said it belongs to; any text. */
  run_id: string | null;
  task_id: string | null;
  workflow_id: string | null;
  source: string | null;
  labels: Generated<string[]>;
  /** Two runs waited for it, and only a person may say whose it is. */
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
  /** Who waits without a run shows until when they are surely there; after a crash nobody does. */
  alive_until: MaybeTime;
  state: Generated<"waiting" | "answered" | "timed_out" | "cancelled">;
  /** A message came, and a person has to say which code is meant, or whose it is. */
  ambiguous: Generated<boolean>;
  message_id: string | null;
  sealed_answer: SealedText | null;
  run_id: string | null;
  node_id: string | null;
  /** The tool call that waits: the same when it is made again after a crash. */
  call_id: string | null;
  agent_node_id: string | null;
  settled_at: MaybeTime;
}

export type InboxSourceKind = "twilio" | "webhook" | "pull";

/** A way in that an administrator added. */
export interface InboxSourceTable {
  id: string;
  workspace_id: string;
  kind: InboxSourceKind;
  name: string;
  /** Where all its messages go; null: where each says. */
  address: string | null;
  /** Whom to ask; of Twilio, the address it signs where that is not the one we know. */
  url: string | null;
  sealed_secret: SealedText;
  created_by: string;
  created_at: Time;
  last_used_at: MaybeTime;
  disabled_at: MaybeTime;
  /** When the log last told that somebody was refused. */
  refusal_noted_at: MaybeTime;
  /** Nobody asks it before: it was just asked, or somebody is asking. */
  ask_after: MaybeTime;
  /** How often in a row it could not be asked. */
  failures: Generated<number>;
  last_error: InboxSourceError | null;
}

/** Why a source that is asked gave nothing: never its own words. */
export type InboxSourceError = "address_refused" | "unreachable" | "refused" | "unreadable";

/** A signature, message or code that a source brought once. */
export interface InboxSourceSeenTable {
  source_id: string;
  /** Keyed with the source's secret: a hash of six digits alone would tell them. */
  hash: string;
  expires_at: Time;
}

/** What an administrator decided about a workspace's inbox. */
export interface InboxSettingTable {
  workspace_id: string;
  /** The settings of the model that gives a second opinion. */
  second_opinion: ColumnType<Record<string, unknown> | null, string | null, string | null>;
}

export interface Tables {
  taken_slug: TakenSlugTable;
  host_workflow: HostWorkflowTable;
  inbox_setting: InboxSettingTable;
  inbox_source: InboxSourceTable;
  inbox_source_seen: InboxSourceSeenTable;
  mailbox: MailboxTable;
  mailbox_reader: MailboxReaderTable;
  inbox_message: InboxMessageTable;
  code_wait: CodeWaitTable;
  workspace: WorkspaceTable;
  data_key: DataKeyTable;
  service_key: ServiceKeyTable;
  studio_session: StudioSessionTable;
  agent_user: AgentUserTable;
  agent_session: AgentSessionTable;
  agent_user_grant: AgentUserGrantTable;
  model_key: ModelKeyTable;
  workflow: WorkflowTable;
  workflow_version: WorkflowVersionTable;
  workflow_run: WorkflowRunTable;
  run_event: RunEventTable;
  run_step: RunStepTable;
  audit_event: AuditEventTable;
  vault_entry: VaultEntryTable;
  vault_replaced_secret: VaultReplacedSecretTable;
  vault_backup_code: VaultBackupCodeTable;
  vault_grant: VaultGrantTable;
  one_time_handle: OneTimeHandleTable;
  second_step: SecondStepTable;
  second_step_backup_code: SecondStepBackupCodeTable;
  vault_approval: VaultApprovalTable;
  mcp_token: McpTokenTable;
}

export type AgentUserRow = Selectable<AgentUserTable>;
export type VaultEntryRow = Selectable<VaultEntryTable>;
export type WorkflowRunRow = Selectable<WorkflowRunTable>;
export type NewAuditEvent = Insertable<AuditEventTable>;
