import { z } from "zod";

/** What a caller may do. `admin` includes all others in its workspace. */
export const scopes = [
  "codes:read",
  "vault:read",
  "vault:write",
  "vault:open",
  "vault:backup",
  "vault:delete",
  "mail:read",
  "mail:manage",
  "mail:send",
  "workflows:read",
  "workflows:write",
  "runs:write",
  "audit:read",
  "hosts:call",
  "lists:read",
  "agent_users:manage",
  "keys:manage",
  "people:manage",
  "settings:manage",
  "admin",
] as const;

export const scope = z.enum(scopes);
export type Scope = z.infer<typeof scope>;

/** What each scope lets its holder do, in words for the person who chooses. */
export const scopeWords: Readonly<Record<Scope, string>> = {
  "codes:read": "Read one-time codes: of agent users, of vault entries, and those that arrive by message.",
  "vault:read": "List vault entries and read their codes, as far as they are its own or granted.",
  "vault:write": "Add and change vault entries, and say who may use them.",
  "vault:open": "Open the data of vault entries, such as passwords, as far as they are its own or granted.",
  "vault:backup": "Take backup codes of vault entries. Each is good for one sign-in, and there are few.",
  "vault:delete": "Delete vault entries with their secrets.",
  "mail:read": "Read messages with their text and their codes.",
  "mail:manage": "Deliver, label and delete messages; manage mailboxes and sources.",
  "mail:send": "Send messages.",
  "workflows:read": "Read workflows, their runs and their agent users.",
  "workflows:write": "Add, change and delete workflows.",
  "runs:write": "Start and stop runs.",
  "audit:read": "Read the audit log.",
  "hosts:call": "Call tools for the agents of one other builder.",
  "lists:read": "Read every list, such as entries, messages and keys, without opening anything in it.",
  "agent_users:manage": "Disable agent users, change what they may do, and give them new keys.",
  "keys:manage": "Make and revoke service keys and MCP addresses.",
  "people:manage": "Invite and remove people, and change their roles.",
  "settings:manage": "Change single sign-on, models and their keys.",
  admin: "Everything above, in this workspace.",
};

/** The scopes that an agent user can have. It starts with those that its tools need, and without mail. */
export const agentScope = scope.extract([
  "codes:read",
  "vault:read",
  "vault:write",
  "vault:open",
  "vault:backup",
  "vault:delete",
  "workflows:read",
  "mail:read",
  "mail:manage",
]);
export type AgentScope = z.infer<typeof agentScope>;
