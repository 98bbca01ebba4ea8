import type { Scope } from "../../plugin/api/scopes.ts";
import type { Role } from "../../plugin/roles.ts";

/** Who may use a route, written down a second time: a change of either side is a decision, not a slip. */
export interface RouteRule {
  /** The roles that get an answer. */
  readonly people: readonly Role[];
  /** Keys: one of these scopes is enough, unless `needsAll`. `token`: only what the address or a signature proves. `person`: no key. */
  readonly may: "public" | "anyone" | "token" | "person" | readonly Scope[];
  readonly needsAll?: true;
  readonly agent?: "key" | "session";
  /** This very scope: an administrator's does not include it. */
  readonly host?: true;
  /** An agent needs no scope here: it reaches what is its own. */
  readonly agentsOwn?: true;
  /** An agent's tool may call it: what it answers, a model may read. */
  readonly tools?: true;
  /** Other roles are not refused at the door: they find what a grant names, and without one nothing. */
  readonly granted?: true;
  /** A person needs a proof of the last ten minutes. */
  readonly fresh?: true;
}

const all: readonly Role[] = ["owner", "administrator", "builder", "operator", "auditor"];
const managers: readonly Role[] = ["owner", "administrator"];
const builders: readonly Role[] = [...managers, "builder"];
const operators: readonly Role[] = [...managers, "operator"];
const auditors: readonly Role[] = [...managers, "auditor"];
const operatorsAndAuditors: readonly Role[] = [...operators, "auditor"];

const open: RouteRule = { people: all, may: "public" };
/** A signature or a token opens it, and neither a key nor a session does. */
const signed: RouteRule = { people: [], may: "token" };
const own: RouteRule = { people: all, may: "person" };
const anyone: RouteRule = { people: all, may: "anyone", agent: "key" };

const readWorkflow: RouteRule = { people: all, may: ["workflows:read"], agent: "session", tools: true };
const readRun: RouteRule = { people: all, may: ["workflows:read", "runs:write"] };
const draw: RouteRule = { people: builders, may: ["workflows:write"] };
const run: RouteRule = { people: builders, may: ["runs:write"] };

const readAgents: RouteRule = {
  people: all,
  may: ["workflows:read", "agent_users:manage", "lists:read"],
  agent: "key",
  tools: true,
};
const manageAgents: RouteRule = { people: operators, may: ["agent_users:manage"] };
const widenAgents: RouteRule = { ...manageAgents, fresh: true };
const readAgentGrants: RouteRule = {
  people: operatorsAndAuditors,
  may: ["agent_users:manage", "lists:read"],
};
const readHosts: RouteRule = {
  people: operatorsAndAuditors,
  may: ["hosts:call", "agent_users:manage", "lists:read"],
};
const changeHosts: RouteRule = { people: operators, may: ["hosts:call", "agent_users:manage"] };

const listVault: RouteRule = {
  people: operatorsAndAuditors,
  may: ["vault:read", "lists:read"],
  agent: "key",
  granted: true,
  tools: true,
};
const openVault: RouteRule = {
  people: operators,
  may: ["vault:open"],
  agent: "key",
  granted: true,
  fresh: true,
};
const addToVault: RouteRule = { people: operators, may: ["vault:write"], agent: "key" };
const changeVault: RouteRule = { ...addToVault, granted: true };
const resetInVault: RouteRule = { ...changeVault, fresh: true };
const vaultCode: RouteRule = {
  people: operators,
  may: ["vault:read", "codes:read"],
  agent: "key",
  granted: true,
};
const backupCode = { may: ["vault:backup"] } as const;
const deleteInVault = { may: ["vault:delete"] } as const;
const askForEntry: RouteRule = { people: operators, may: ["vault:write"], fresh: true };

const listInbox: RouteRule = {
  people: operatorsAndAuditors,
  may: ["mail:read", "lists:read"],
  agent: "key",
  granted: true,
  tools: true,
};
const openInbox: RouteRule = { people: operators, may: ["mail:read"], agent: "key", granted: true };
const changeInbox: RouteRule = { people: operators, may: ["mail:manage"], agent: "key" };
const manageInbox: RouteRule = { people: operators, may: ["mail:manage"] };
const openMailbox: RouteRule = { ...manageInbox, fresh: true };
const inboxCode: RouteRule = {
  people: operators,
  may: ["codes:read", "mail:read"],
  agent: "key",
  granted: true,
};

const listKeys: RouteRule = { people: auditors, may: ["keys:manage", "lists:read"] };
const manageKeys: RouteRule = { people: managers, may: ["keys:manage"] };
/** A key that could write one would outlive itself. */
const manageWorkloads: RouteRule = { people: managers, may: "person", fresh: true };
const listPeople: RouteRule = { people: auditors, may: ["people:manage", "lists:read"] };
const changePeople: RouteRule = { people: managers, may: ["people:manage"], fresh: true };
const readSettings: RouteRule = { people: auditors, may: ["settings:manage", "lists:read"] };
/** The provider decides who comes in as whom: a key for settings only is not enough. */
const changeProvider: RouteRule = { people: managers, may: ["admin"], fresh: true };
const changeSettings: RouteRule = { people: managers, may: ["settings:manage"], fresh: true };

/** The public APIs of others are for programs. A person's session is let in by its scopes, and by no grant. */
const v0 = ({ granted: _granted, ...rule }: RouteRule, more: Partial<RouteRule> = {}): RouteRule => ({
  ...rule,
  ...more,
});
const readByDialect: RouteRule = { people: operators, may: ["vault:read"], agent: "key" };
const readMailByDialect: RouteRule = { people: operators, may: ["mail:read"], agent: "key" };

/** A route that is not here fails the tests that use this table. */
export const routeTable: Readonly<Record<string, RouteRule>> = {
  "GET /livez": open,
  "GET /readyz": open,
  "GET /api/v1/about": { people: auditors, may: ["settings:manage", "lists:read"] },

  "POST /api/v1/auth/session": open,
  "POST /api/v1/auth/token": open,
  "POST /api/v1/auth/sign-in": open,
  "POST /api/v1/auth/claim": signed,
  "DELETE /api/v1/auth/sign-in": { people: all, may: "anyone" },
  "GET /api/v1/whoami": { ...anyone, tools: true },
  "GET /api/v1/people/ways": open,
  "POST /api/v1/people/auth/passkey/options": open,
  "POST /api/v1/people/auth/passkey": open,
  "POST /api/v1/people/auth/password": open,
  "POST /api/v1/people/auth/invitation/read": open,
  "POST /api/v1/people/auth/invitation": open,
  "POST /api/v1/people/auth/single-sign-on": open,
  "POST /api/v1/people/auth/single-sign-on/finish": open,
  "GET /api/v1/people/auth/single-sign-on/callback": open,

  "GET /api/v1/people/me": own,
  "PATCH /api/v1/people/me": own,
  "POST /api/v1/people/me/workspace": own,
  "POST /api/v1/people/me/passkeys/options": own,
  "POST /api/v1/people/me/passkeys": own,
  "PATCH /api/v1/people/me/passkeys/{id}": own,
  "DELETE /api/v1/people/me/passkeys/{id}": own,
  "PUT /api/v1/people/me/password": own,
  "DELETE /api/v1/people/me/password": own,
  "POST /api/v1/people/me/proof": own,
  "POST /api/v1/people/me/proof/passkey/options": own,
  "POST /api/v1/people/me/proof/passkey": own,
  "GET /api/v1/people/me/sessions": own,
  "DELETE /api/v1/people/me/sessions": own,
  "DELETE /api/v1/people/me/sessions/{id}": own,
  "GET /api/v1/auth/second-step": own,
  "POST /api/v1/auth/second-step": own,
  "POST /api/v1/auth/second-step/backup-codes": own,
  "POST /api/v1/auth/second-step/confirm": own,
  "DELETE /api/v1/auth/second-step": own,

  "GET /api/v1/people": listPeople,
  "POST /api/v1/people": changePeople,
  "PATCH /api/v1/people/{id}": changePeople,
  "DELETE /api/v1/people/{id}": changePeople,
  // Only the server's own key: what the command line asks for.
  "GET /api/v1/people/links": signed,
  "POST /api/v1/people/links": signed,
  "GET /api/v1/people/invitations": listPeople,
  "POST /api/v1/people/invitations": changePeople,
  "DELETE /api/v1/people/invitations/{id}": changePeople,
  "GET /api/v1/settings/single-sign-on": { people: managers, may: ["settings:manage"] },
  "PUT /api/v1/settings/single-sign-on": changeProvider,
  "DELETE /api/v1/settings/single-sign-on": changeProvider,
  "GET /api/v1/settings/mail": readSettings,
  "POST /api/v1/settings/mail/test": changeSettings,

  "GET /api/v1/keys": listKeys,
  "POST /api/v1/keys": { ...manageKeys, fresh: true },
  "POST /api/v1/keys/{id}/rotate": { ...manageKeys, fresh: true },
  "DELETE /api/v1/keys/{id}": manageKeys,
  "POST /api/v1/workspaces": { people: managers, may: ["admin"], fresh: true },
  "GET /api/v1/model-keys": {
    people: all,
    may: ["workflows:read", "workflows:write", "settings:manage", "lists:read"],
  },
  "POST /api/v1/model-keys": changeSettings,
  "PUT /api/v1/model-keys/{name}": changeSettings,
  "DELETE /api/v1/model-keys/{name}": { people: managers, may: ["settings:manage"] },
  "GET /api/v1/workload-identity": listKeys,
  "POST /api/v1/workload-identity/try": { people: managers, may: "person" },
  "POST /api/v1/workload-identity/issuers": manageWorkloads,
  "PUT /api/v1/workload-identity/issuers/{id}": manageWorkloads,
  "DELETE /api/v1/workload-identity/issuers/{id}": manageWorkloads,
  "POST /api/v1/workload-identity/rules": manageWorkloads,
  "PUT /api/v1/workload-identity/rules/{id}": manageWorkloads,
  "DELETE /api/v1/workload-identity/rules/{id}": manageWorkloads,
  "GET /api/v1/proxy": anyone,
  "GET /api/v1/proxy-credentials": readAgentGrants,
  "POST /api/v1/proxy-credentials": widenAgents,
  "DELETE /api/v1/proxy-credentials/{id}": manageAgents,
  "GET /api/v1/mcp-tokens": {
    people: operatorsAndAuditors,
    may: ["keys:manage", "agent_users:manage", "lists:read"],
    agent: "key",
    agentsOwn: true,
  },
  "POST /api/v1/mcp-tokens": {
    people: operators,
    may: ["keys:manage"],
    agent: "key",
    agentsOwn: true,
    fresh: true,
  },
  "DELETE /api/v1/mcp-tokens/{id}": {
    people: operators,
    may: ["keys:manage", "agent_users:manage"],
    agent: "key",
    agentsOwn: true,
  },

  "GET /api/v1/node-types": { ...anyone, tools: true },
  "GET /api/v1/workflows": readWorkflow,
  "POST /api/v1/workflows": draw,
  "GET /api/v1/workflows/{slug}": readWorkflow,
  "GET /api/v1/workflows/{slug}/versions/{version}": readRun,
  "PUT /api/v1/workflows/{slug}": draw,
  "DELETE /api/v1/workflows/{slug}": draw,
  "POST /api/v1/workflows/{slug}/restore": draw,
  "POST /api/v1/workflows/{slug}/validate": readWorkflow,
  "GET /api/v1/workflows/{slug}/identities": { people: all, may: ["workflows:read", "lists:read"] },
  // The answer may hold a code: a builder sees what tools answer in a run, masked.
  "POST /api/v1/workflows/{slug}/nodes/{id}/call": {
    people: managers,
    may: ["runs:write", "codes:read"],
    needsAll: true,
    agent: "key",
  },
  "POST /api/v1/workflows/{slug}/agents/{id}/prove": run,
  "POST /api/v1/workflows/{slug}/runs": run,
  "GET /api/v1/workflows/{slug}/runs": readRun,
  "GET /api/v1/runs/{id}": readRun,
  "GET /api/v1/runs/{id}/events": readRun,
  "POST /api/v1/runs/{id}/cancel": run,
  "GET /api/v1/audit-events": { people: auditors, may: ["audit:read"] },
  "GET /api/v1/audit-events/seal": { people: auditors, may: ["audit:read"] },
  "POST /api/v1/audit-events/verify": { people: auditors, may: ["audit:read"] },
  "GET /api/v1/audit-streams": { people: auditors, may: ["audit:read"] },
  "GET /api/v1/audit-events/export": { people: auditors, may: ["audit:read"], fresh: true },

  "GET /api/v1/agent-users": readAgents,
  "GET /api/v1/agent-users/{username}": readAgents,
  "PATCH /api/v1/agent-users/{username}": widenAgents,
  "POST /api/v1/agent-users/{username}/verify": {
    people: operators,
    may: ["codes:read"],
    agent: "key",
    tools: true,
  },
  "POST /api/v1/agent-users/{username}/code": { people: operators, may: ["codes:read"] },
  "POST /api/v1/agent-users/{username}/disable": manageAgents,
  "POST /api/v1/agent-users/{username}/enable": manageAgents,
  "POST /api/v1/agent-users/{username}/rotate-key": widenAgents,
  "GET /api/v1/agent-users/{username}/grants": readAgentGrants,
  "POST /api/v1/agent-users/{username}/grants": widenAgents,
  "DELETE /api/v1/agent-users/{username}/grants": manageAgents,
  "GET /api/v1/agent-users/{username}/ask": readAgentGrants,
  "GET /api/v1/agent-users/{username}/named-secrets": readAgentGrants,
  "PUT /api/v1/agent-users/{username}/ask": widenAgents,
  "POST /api/v1/host-calls": { people: [], may: ["hosts:call"], host: true },
  "GET /api/v1/host-installations": listKeys,
  "PATCH /api/v1/host-installations/{id}": { ...manageKeys, fresh: true },
  "DELETE /api/v1/host-installations/{id}": { ...manageKeys, fresh: true },
  "POST /api/v1/host-key-pairs": { people: [], may: ["hosts:call"], host: true },
  "POST /api/v1/host-key-pairs/{id}/confirm": { ...manageKeys, fresh: true },
  "DELETE /api/v1/host-key-pairs/{id}": { ...manageKeys, fresh: true },
  "GET /api/v1/host-workflows": readHosts,
  "DELETE /api/v1/host-workflows/{id}": changeHosts,
  "POST /api/v1/host-workflows/{id}/restore": changeHosts,

  "GET /api/v1/approvals": { people: all, may: "anyone" },
  // Whom a question names answers it, whatever else they may do; who manages the entry or reads lists sees it.
  "GET /api/v1/approvals/{id}": { people: operatorsAndAuditors, may: "anyone", granted: true },
  "POST /api/v1/approvals/{id}": { people: operators, may: "person", granted: true, fresh: true },
  "POST /api/v1/approvals/link": own,
  "GET /api/v1/settings/approval-webhook": { people: managers, may: ["settings:manage"] },
  "PUT /api/v1/settings/approval-webhook": { people: managers, may: ["settings:manage"], fresh: true },
  "DELETE /api/v1/settings/approval-webhook": { people: managers, may: ["settings:manage"], fresh: true },
  "POST /api/v1/settings/approval-webhook/test": { people: managers, may: ["settings:manage"] },

  "GET /api/v1/vault/entries": listVault,
  "POST /api/v1/vault/entries": addToVault,
  "POST /api/v1/vault/take-origins": { people: operators, may: ["admin"], fresh: true },
  "GET /api/v1/vault/entries/{id}": listVault,
  "GET /api/v1/vault/entries/{id}/data": openVault,
  "PATCH /api/v1/vault/entries/{id}": changeVault,
  "DELETE /api/v1/vault/entries/{id}": { ...changeVault, ...deleteInVault },
  "GET /api/v1/vault/entries/{id}/code": vaultCode,
  "POST /api/v1/vault/entries/{id}/backup-code": { ...vaultCode, ...backupCode, fresh: true },
  "PUT /api/v1/vault/entries/{id}/secret": resetInVault,
  "POST /api/v1/vault/entries/{id}/restore-secret": { people: operators, may: ["admin"], fresh: true },
  "POST /api/v1/vault/entries/{id}/confirm": { ...changeVault, tools: true },
  "GET /api/v1/vault/entries/{id}/grants": {
    ...changeVault,
    people: operatorsAndAuditors,
    may: ["vault:write", "lists:read"],
  },
  "PUT /api/v1/vault/entries/{id}/grants": resetInVault,
  "GET /api/v1/vault/entries/{id}/ask": { people: operatorsAndAuditors, may: ["vault:write", "lists:read"] },
  "PUT /api/v1/vault/entries/{id}/ask": askForEntry,
  "GET /api/v1/vault/entries/{id}/qr": { people: operators, may: ["admin"], granted: true, fresh: true },
  "POST /api/v1/vault/import/preview": addToVault,
  "POST /api/v1/vault/import": addToVault,
  "POST /api/v1/handles/redeem": { people: operators, may: ["codes:read"], agent: "key" },

  "GET /api/v1/inbox/messages": listInbox,
  "GET /api/v1/inbox/messages/{id}": openInbox,
  "PATCH /api/v1/inbox/messages/{id}": { ...changeInbox, tools: true },
  "DELETE /api/v1/inbox/messages/{id}": { ...changeInbox, tools: true },
  "POST /api/v1/inbox/messages/{id}/reread": {
    ...changeInbox,
    may: ["mail:manage", "mail:read"],
    needsAll: true,
  },
  "POST /api/v1/inbox/readings": { people: operators, may: ["mail:read"], agent: "key" },
  "POST /api/v1/inbox/wait": inboxCode,
  "GET /api/v1/inbox/waits": {
    people: operatorsAndAuditors,
    may: ["mail:read", "lists:read"],
    granted: true,
  },
  "GET /api/v1/inbox/waits/{id}": { people: operators, may: ["mail:read"], granted: true },
  "POST /api/v1/inbox/waits/{id}/answer": manageInbox,
  "DELETE /api/v1/inbox/waits/{id}": manageInbox,
  "GET /api/v1/inbox/second-opinion": {
    people: operatorsAndAuditors,
    may: ["settings:manage", "mail:manage", "lists:read"],
  },
  "PUT /api/v1/inbox/second-opinion": changeSettings,
  "GET /api/v1/inbox/mailboxes": listInbox,
  "POST /api/v1/inbox/mailboxes": manageInbox,
  "PATCH /api/v1/inbox/mailboxes/{id}": openMailbox,
  "DELETE /api/v1/inbox/mailboxes/{id}": manageInbox,
  "GET /api/v1/inbox/sources": { people: operatorsAndAuditors, may: ["mail:manage", "lists:read"] },
  "POST /api/v1/inbox/sources": openMailbox,
  "PATCH /api/v1/inbox/sources/{id}": openMailbox,
  "DELETE /api/v1/inbox/sources/{id}": manageInbox,
  "POST /hooks/sms/{sourceId}": signed,
  "POST /hooks/inbox/{sourceId}": signed,

  "POST /v1/credentials/totp": changeInbox,
  "GET /v1/credentials/totp": v0(inboxCode),
  "POST /api/v2/totp/secrets": addToVault,
  "GET /api/v2/totp/secrets": readByDialect,
  "DELETE /api/v2/totp/secrets/{id}": { ...addToVault, ...deleteInVault },
  "GET /api/v2/totp/code/{id}": v0(vaultCode),
  "GET /v0/vault": readByDialect,
  "POST /v0/vault": { ...addToVault, fresh: true },
  "PUT /v0/vault/{name}": { ...addToVault, fresh: true },
  "GET /v0/vault/{name}": { ...readByDialect, may: ["vault:open"], fresh: true },
  "DELETE /v0/vault/{name}": { ...addToVault, ...deleteInVault },
  "GET /v0/vault/{name}/totp": v0(vaultCode),
  "POST /v0/vault/{name}/totp/backup": v0(vaultCode, { ...backupCode, fresh: true }),
  "GET /v0/messages": readMailByDialect,
  "GET /v0/messages/{id}": readMailByDialect,
  "PATCH /v0/messages/{id}": changeInbox,
  "DELETE /v0/messages/{id}": changeInbox,
  "GET /v0/threads": readMailByDialect,
  "GET /v0/threads/{id}": readMailByDialect,
  "GET /v0/whoami": anyone,
  "GET /v0/logs": anyone,
  "GET /v0/logs/stats": anyone,

  "GET /mcp": anyone,
  "POST /mcp": anyone,
  "DELETE /mcp": anyone,
  "GET /mcp/{token}": signed,
  "POST /mcp/{token}": signed,
  "DELETE /mcp/{token}": signed,
};
