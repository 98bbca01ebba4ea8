import type { Kysely } from "kysely";
import type { CodeReader, Identity } from "../../plugin/api/identities.ts";
import type { Scope } from "../../plugin/api/scopes.ts";
import { roles } from "../../plugin/roles.ts";
import { usernameOf } from "../../plugin/username.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import { type AuthenticatedCaller, administratorKeyName } from "../access/caller.ts";
import { listMembers, memberMay } from "../access/members.ts";
import type { ServiceKeys } from "../access/service-keys.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { FoundIdentity, Grantee } from "../agent-users/find-identities.ts";
import type { Tables } from "../database/tables.ts";
import { agentTools } from "../workflow/agent-tools.ts";
import { agentIds } from "../workflow/workflow-store.ts";
import type { Workflows } from "../workflow/workflows.ts";

export interface IdentityParts {
  readonly db: Kysely<Tables>;
  readonly agentUsers: AgentUsers;
  readonly workflows: Workflows;
  readonly serviceKeys: ServiceKeys;
  readonly host: { readonly name: string; readonly instance: string };
  /** The one workspace that the server's own key opens. */
  readonly defaultWorkspaceId: string;
}

/**
 * The identity of every agent on a canvas, and everyone who could obtain its code at this moment: by a tool that is
 * wired to it, by a grant together with such a tool, or by a scope. The number of queries does not depend on the
 * number of agents.
 */
export async function listIdentities(
  parts: IdentityParts,
  { workspaceId }: AuthenticatedCaller,
  { slug, now }: { readonly slug: string; readonly now: Date },
): Promise<Identity[]> {
  const { agentUsers, workflows, host } = parts;
  const workflow = await workflows.get({ workspaceId, slug });
  const found = await agentUsers.findIdentities({
    workspaceId,
    host: host.name,
    hostInstance: host.instance,
    workflowId: workflow.id,
    agents: agentIds(workflow).map((agentNodeId) => ({
      agentNodeId,
      username: usernameOf(slug, agentNodeId),
    })),
    now,
  });
  const live = found.filter(({ state }) => state === "active" || state === "locked");
  const accountIds = live.flatMap(({ account_id }) => account_id ?? []);
  const grants = await agentUsers.findGrantees({ workspaceId, accountIds });
  const ids = new Set(grants.filter((grant) => grant.host === host.name).map((grant) => grant.workflow_id));
  const homes = await workflows.listByIds({ workspaceId, ids: [...ids] });
  const homeOf = new Map<string, Workflow>(homes.map((home) => [home.id, home]));
  const byScope = await readersByScope(parts, workspaceId, now);
  return found.map(({ account_id, ...one }) => ({
    ...one,
    readers:
      one.state === "active" || one.state === "locked"
        ? [
            ...readersByTool(workflow, one),
            ...grants
              .filter((grant) => grant.account_id === account_id)
              .flatMap((grant) => readersByGrant(host.name, homeOf, grant)),
            ...byScope,
          ]
        : [],
  }));
}

const hasCodeTool = (workflow: Workflow, agentNodeId: string): boolean =>
  agentTools(workflow, agentNodeId).some((tool) => tool.contract.type === "get_totp_code");

const readersByTool = (
  workflow: Workflow,
  { agent_node_id, username }: Pick<FoundIdentity, "agent_node_id" | "username">,
): CodeReader[] =>
  hasCodeTool(workflow, agent_node_id)
    ? [
        {
          kind: "agent_user",
          name: username,
          workflow_slug: workflow.slug,
          agent_node_id,
          reason: "own_code",
          because: "It is its own, and Get TOTP Code is wired to it.",
        },
      ]
    : [];

/**
 * A grant alone gives nothing: codes come from a tool, and the tool must be wired to the reader. The wires of another
 * builder are not known here, and it may draw one at any time.
 */
function readersByGrant(here: string, homes: ReadonlyMap<string, Workflow>, grant: Grantee): CodeReader[] {
  if (grant.host !== here)
    return [
      {
        kind: "agent_user",
        name: grant.username,
        workflow_slug: null,
        agent_node_id: null,
        reason: "grant",
        because: `It was granted these codes, and ${grant.host} may call Get TOTP Code for it.`,
      },
    ];
  const home = homes.get(grant.workflow_id);
  if (!home || !hasCodeTool(home, grant.agent_node_id)) return [];
  return [
    {
      kind: "agent_user",
      name: grant.username,
      workflow_slug: home.slug,
      agent_node_id: grant.agent_node_id,
      reason: "grant",
      because: "It was granted these codes, and Get TOTP Code is wired to it.",
    },
  ];
}

async function readersByScope(
  { db, serviceKeys, defaultWorkspaceId }: IdentityParts,
  workspaceId: string,
  now: Date,
): Promise<CodeReader[]> {
  const reader = (who: Pick<CodeReader, "kind" | "name" | "roles">, because: string): CodeReader => ({
    ...who,
    workflow_slug: null,
    agent_node_id: null,
    reason: "scope",
    because,
  });
  const everyCode = "lets it read every code of this workspace.";
  const keys = (await serviceKeys.list(workspaceId)).flatMap(({ name, scopes, expires_at }) => {
    const scope = (["admin", "codes:read"] satisfies Scope[]).find((one) => scopes.includes(one));
    const expired = expires_at !== null && new Date(expires_at) <= now;
    const key = { kind: "service_key", name } as const;
    return scope && !expired ? [reader(key, `Its scope ${scope} ${everyCode}`)] : [];
  });
  const people = (await listMembers(db, workspaceId)).flatMap((member) => {
    const by = member.roles.find((role) => memberMay({ ...member, roles: [role] }, "codes:read"));
    const person = { kind: "person" as const, name: member.name, roles: [...member.roles] };
    return by ? [reader(person, `${roles[by].title}s may read every code of this workspace.`)] : [];
  });
  if (workspaceId !== defaultWorkspaceId) return [...people, ...keys];
  const ownKey = { kind: "service_key", name: administratorKeyName } as const;
  return [...people, reader(ownKey, `The server's own key ${everyCode}`), ...keys];
}
