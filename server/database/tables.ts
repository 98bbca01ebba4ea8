import type {
  AgentReachTable,
  AgentSessionTable,
  AgentUserGrantTable,
  AgentUserTable,
  OneTimeHandleTable,
} from "./tables/agent-user.ts";
import type { ApprovalAnswerTable, ApprovalTable, ApprovalWebhookTable } from "./tables/approval.ts";
import type {
  AuditEventTable,
  AuditKeyTable,
  AuditSealTable,
  AuditStreamCursorTable,
  AuditStreamTable,
} from "./tables/audit.ts";
import type { HostCallNonceTable, HostInstallationTable, HostKeyPairTable } from "./tables/host.ts";
import type {
  CodeWaitTable,
  InboxMessageTable,
  InboxSettingTable,
  InboxSourceSeenTable,
  InboxSourceTable,
  MailboxReaderTable,
  MailboxTable,
} from "./tables/inbox.ts";
import type {
  InvitationTable,
  PasskeyChallengeTable,
  PasskeyTable,
  PersonIdentityTable,
  PersonTable,
  SignInFailureTable,
  SignInLinkTable,
  SingleSignOnAttemptTable,
  SingleSignOnTable,
  StudioSessionTable,
  WorkspaceMemberTable,
} from "./tables/person.ts";
import type { ProxyAuthorityTable, ProxyCredentialTable } from "./tables/proxy.ts";
import type { RunEventTable, RunProcessTable, RunStepTable, WorkflowRunTable } from "./tables/run.ts";
import type {
  VaultBackupCodeTable,
  VaultEntryTable,
  VaultGrantTable,
  VaultReplacedSecretTable,
} from "./tables/vault.ts";
import type {
  HostWorkflowTable,
  ModelKeyTable,
  TakenSlugTable,
  WorkflowTable,
  WorkflowVersionTable,
} from "./tables/workflow.ts";
import type {
  SpentTokenTable,
  TrustedIssuerTable,
  WorkloadRuleTable,
  WorkloadTokenTable,
} from "./tables/workload.ts";
import type {
  DataKeyTable,
  McpTokenTable,
  SecondStepBackupCodeTable,
  SecondStepTable,
  ServiceKeyTable,
  WorkspaceTable,
} from "./tables/workspace.ts";

export type * from "./tables/agent-user.ts";
export type * from "./tables/approval.ts";
export type * from "./tables/audit.ts";
export type * from "./tables/host.ts";
export type * from "./tables/inbox.ts";
export type * from "./tables/person.ts";
export type * from "./tables/proxy.ts";
export type * from "./tables/run.ts";
export type * from "./tables/vault.ts";
export type * from "./tables/workflow.ts";
export type * from "./tables/workload.ts";
export type * from "./tables/workspace.ts";

/** Every table of ours, as its rows are read and written; a test compares this with the migrated database. */
export interface Tables {
  workspace: WorkspaceTable;
  data_key: DataKeyTable;
  service_key: ServiceKeyTable;
  person: PersonTable;
  workspace_member: WorkspaceMemberTable;
  passkey: PasskeyTable;
  passkey_challenge: PasskeyChallengeTable;
  sign_in_link: SignInLinkTable;
  sign_in_failure: SignInFailureTable;
  invitation: InvitationTable;
  single_sign_on: SingleSignOnTable;
  single_sign_on_attempt: SingleSignOnAttemptTable;
  person_identity: PersonIdentityTable;
  studio_session: StudioSessionTable;
  second_step: SecondStepTable;
  second_step_backup_code: SecondStepBackupCodeTable;
  mcp_token: McpTokenTable;
  trusted_issuer: TrustedIssuerTable;
  workload_rule: WorkloadRuleTable;
  workload_token: WorkloadTokenTable;
  spent_token: SpentTokenTable;
  proxy_credential: ProxyCredentialTable;
  proxy_authority: ProxyAuthorityTable;
  agent_user: AgentUserTable;
  agent_session: AgentSessionTable;
  agent_user_grant: AgentUserGrantTable;
  agent_reach: AgentReachTable;
  one_time_handle: OneTimeHandleTable;
  taken_slug: TakenSlugTable;
  host_workflow: HostWorkflowTable;
  host_installation: HostInstallationTable;
  host_key_pair: HostKeyPairTable;
  host_call_nonce: HostCallNonceTable;
  model_key: ModelKeyTable;
  workflow: WorkflowTable;
  workflow_version: WorkflowVersionTable;
  workflow_run: WorkflowRunTable;
  run_process: RunProcessTable;
  run_event: RunEventTable;
  run_step: RunStepTable;
  audit_event: AuditEventTable;
  audit_key: AuditKeyTable;
  audit_seal: AuditSealTable;
  audit_stream: AuditStreamTable;
  audit_stream_cursor: AuditStreamCursorTable;
  vault_entry: VaultEntryTable;
  vault_replaced_secret: VaultReplacedSecretTable;
  vault_backup_code: VaultBackupCodeTable;
  vault_grant: VaultGrantTable;
  approval: ApprovalTable;
  approval_answer: ApprovalAnswerTable;
  approval_webhook: ApprovalWebhookTable;
  inbox_setting: InboxSettingTable;
  inbox_source: InboxSourceTable;
  inbox_source_seen: InboxSourceSeenTable;
  mailbox: MailboxTable;
  mailbox_reader: MailboxReaderTable;
  inbox_message: InboxMessageTable;
  code_wait: CodeWaitTable;
}
