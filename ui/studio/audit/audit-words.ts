import type { AuditEventBody } from "../../../plugin/api/audit-events.ts";

/** What was done, as people say it. An action that is not here is shown by its code. */
export const actionWords: Readonly<Record<string, string>> = {
  "vault.code_read": "Read a service’s code",
  "vault.backup_code_taken": "Took a backup code",
  "vault.backup_codes_read": "Read all backup codes",
  "vault.data_read": "Read an entry’s data",
  "vault.secret_shown": "Saw an entry’s seed",
  "vault.entry_created": "Added an entry",
  "vault.entry_replaced": "Replaced an entry",
  "vault.entry_changed": "Changed an entry",
  "vault.entry_confirmed": "Confirmed an entry",
  "vault.entry_deleted": "Deleted an entry",
  "vault.secret_replaced": "Replaced a seed",
  "vault.secret_restored": "Brought a seed back",
  "vault.granted": "Granted access to an entry",
  "vault.grant_removed": "Took access to an entry away",
  "vault.refused": "Asked for an entry",
  "vault.read_approved": "Allowed a read",
  "vault.read_denied": "Refused a read",
  "inbox.message_received": "Received a message",
  "inbox.message_refused": "Refused a message",
  "inbox.message_read": "Read a message",
  "inbox.message_deleted": "Deleted a message",
  "inbox.message_labelled": "Labelled a message",
  "inbox.code_handed_out": "Handed out a code from a message",
  "inbox.code_given": "Gave a code by hand",
  "inbox.wait_cancelled": "Cancelled a wait for a code",
  "inbox.mailbox_created": "Added a mailbox",
  "inbox.mailbox_changed": "Changed a mailbox",
  "inbox.mailbox_deleted": "Deleted a mailbox",
  "inbox.second_opinion_changed": "Changed who gives a second opinion on messages",
  "inbox.list_read": "Read the list of messages",
  "handle.created": "Gave a handle for a secret",
  "handle.redeemed": "Turned a handle into its secret",
  "mcp_token.created": "Made an MCP token",
  "mcp_token.revoked": "Revoked an MCP token",
  "second_step.enrolled": "Made a second step",
  "second_step.checked": "Confirmed with a second step",
  "second_step.removed": "Took a second step away",
  "code.read": "Read an agent’s code",
  "code.verified": "Verified a code",
  "agent_user.created": "Made an agent user",
  "agent_user.disabled": "Disabled an agent user",
  "agent_user.enabled": "Enabled an agent user",
  "agent_user.scopes_changed": "Changed what an agent may do",
  "agent_user.key_read": "Read an agent’s key",
  "agent_user.key_rotated": "Rotated an agent’s key",
  "agent_session.opened": "Opened an agent’s session",
  "grant.created": "Granted an agent’s codes",
  "grant.removed": "Took a grant away",
  "run.started": "Started a run",
  "run.cancelled": "Cancelled a run",
  "workflow.created": "Created a workflow",
  "workflow.saved": "Saved a workflow",
  "workflow.deleted": "Deleted a workflow",
  "workflow.restored": "Restored a workflow",
  "service_key.created": "Made a service key",
  "service_key.revoked": "Revoked a service key",
  "model_key.added": "Added a model key",
  "model_key.removed": "Removed a model key",
  "studio.signed_in": "Signed in to the studio",
  "inbox.source_created": "Added a source of messages",
  "inbox.source_changed": "Changed a source of messages",
  "inbox.source_deleted": "Deleted a source of messages",
  "inbox.source_refused": "Brought a message",
  "request.refused": "Asked for what it may not",
};
export const wordsOfAction = (action: string): string => actionWords[action] ?? action;

/** Groups of actions the log can be narrowed to: the beginning they share. */
export const actionGroups: readonly (readonly [beginning: string, words: string])[] = [
  ["vault.", "Everything in the vault"],
  ["inbox.", "Everything in the inbox"],
  ["code.", "Everything with agents’ codes"],
  ["workflow.", "Everything with workflows"],
  ["run.", "Everything with runs"],
];

const kindWords: Readonly<Record<string, string>> = {
  person: "person",
  service_key: "key",
  agent_user: "agent",
  agent_node: "agent",
  system: "by itself",
};
export const actorWords = ({ actor, actor_kind }: AuditEventBody): string =>
  `${actor} (${kindWords[actor_kind] ?? actor_kind})`;

const reasonWords: Readonly<Record<string, string>> = {
  forbidden: "It may not.",
  not_own: "It is another agent’s.",
  not_granted: "It was not granted.",
  no_such_entry: "There is no such entry for it.",
  no_secret: "There is no second factor.",
  expired: "The entry has expired.",
  pending: "The entry waits for its first code.",
  signature: "Its signature is not right.",
  stale: "It was signed too long ago, or its clock is wrong.",
  replayed: "It came a second time.",
  disabled: "The source is switched off.",
  in_use: "The code of this window was handed out already.",
};

/** Why it was refused; the server’s own word where there is no better one. */
export const wordsOfReason = (reason: string): string => reasonWords[reason] ?? reason;
