import type { App } from "../../request/app.ts";
import { type AgentUserRouteParts, agentUserRoutes } from "./agent-users.ts";
import { approvalWebhookRoutes } from "./approval-webhook.ts";
import { type ApprovalRouteParts, approvalRoutes } from "./approvals.ts";
import { type AuditRouteParts, auditEventRoutes } from "./audit-events.ts";
import { type AuthRouteParts, authRoutes } from "./auth.ts";
import { type HostInstallationRouteParts, hostInstallationRoutes } from "./host-installations.ts";
import { type HostRouteParts, hostRoutes } from "./hosts.ts";
import { type IdentityRouteParts, identityRoutes, type ProveRouteParts, proveRoutes } from "./identities.ts";
import { type InboxHookRouteParts, inboxHookRoutes } from "./inbox-hooks.ts";
import { inboxMailboxRoutes, inboxSecondOpinionRoutes } from "./inbox-mailboxes.ts";
import { type InboxRouteParts, inboxMessageRoutes } from "./inbox-messages.ts";
import { inboxSourceRoutes } from "./inbox-sources.ts";
import { inboxWaitRoutes } from "./inbox-waits.ts";
import { type KeyRouteParts, keyRoutes } from "./keys.ts";
import { type McpTokenRouteParts, mcpTokenRoutes } from "./mcp-tokens.ts";
import { type HandleRouteParts, handleRoutes, type NodeRouteParts, nodeRoutes } from "./nodes.ts";
import { type HealthRouteParts, healthRoutes } from "./operations.ts";
import { peopleFactorRoutes } from "./people-factors.ts";
import { peopleInvitationRoutes } from "./people-invitations.ts";
import { peopleLinkRoutes } from "./people-links.ts";
import { type PeopleManageRouteParts, peopleManageRoutes } from "./people-manage.ts";
import { peopleMeRoutes } from "./people-me.ts";
import { type PeopleSessionRouteParts, peopleSessionRoutes } from "./people-sessions.ts";
import { type PeopleRouteParts, peopleSignInRoutes } from "./people-sign-in.ts";
import { type ProxyRouteParts, proxyRoutes } from "./proxy.ts";
import { type RunRouteParts, runRoutes } from "./runs.ts";
import { type SecondStepRouteParts, secondStepRoutes } from "./second-step.ts";
import { type SettingsRouteParts, settingsRoutes } from "./settings.ts";
import { type SingleSignOnRouteParts, singleSignOnRoutes } from "./single-sign-on.ts";
import { type TokenExchangeRouteParts, tokenExchangeRoutes } from "./token-exchange.ts";
import { type VaultRouteParts, vaultRoutes } from "./vault.ts";
import { vaultGrantRoutes } from "./vault-grants.ts";
import { vaultImportRoutes } from "./vault-import.ts";
import { type WorkflowRouteParts, workflowRoutes } from "./workflows.ts";
import { type WorkloadRouteParts, workloadRoutes } from "./workload.ts";

export interface RouteParts
  extends AgentUserRouteParts,
    ApprovalRouteParts,
    AuditRouteParts,
    AuthRouteParts,
    HandleRouteParts,
    HealthRouteParts,
    HostRouteParts,
    HostInstallationRouteParts,
    IdentityRouteParts,
    InboxHookRouteParts,
    InboxRouteParts,
    KeyRouteParts,
    McpTokenRouteParts,
    NodeRouteParts,
    PeopleManageRouteParts,
    PeopleRouteParts,
    PeopleSessionRouteParts,
    ProveRouteParts,
    ProxyRouteParts,
    RunRouteParts,
    SecondStepRouteParts,
    SettingsRouteParts,
    SingleSignOnRouteParts,
    TokenExchangeRouteParts,
    VaultRouteParts,
    WorkflowRouteParts,
    WorkloadRouteParts {}

export function registerRoutes(app: App, parts: RouteParts): void {
  for (const register of [
    healthRoutes,
    authRoutes,
    nodeRoutes,
    hostRoutes,
    hostInstallationRoutes,
    workflowRoutes,
    runRoutes,
    agentUserRoutes,
    identityRoutes,
    proveRoutes,
    keyRoutes,
    mcpTokenRoutes,
    proxyRoutes,
    tokenExchangeRoutes,
    workloadRoutes,
    auditEventRoutes,
    vaultRoutes,
    vaultGrantRoutes,
    vaultImportRoutes,
    approvalRoutes,
    approvalWebhookRoutes,
    inboxMessageRoutes,
    inboxWaitRoutes,
    inboxMailboxRoutes,
    inboxSecondOpinionRoutes,
    inboxSourceRoutes,
    inboxHookRoutes,
    handleRoutes,
    secondStepRoutes,
    settingsRoutes,
    singleSignOnRoutes,
    peopleSignInRoutes,
    peopleMeRoutes,
    peopleSessionRoutes,
    peopleFactorRoutes,
    peopleInvitationRoutes,
    peopleManageRoutes,
    peopleLinkRoutes,
  ]) {
    register(app, parts);
  }
}
