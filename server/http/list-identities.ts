import type { CodeReader, Identity } from "../../plugin/api/identities.ts";
import type { Scope } from "../../plugin/api/scopes.ts";
import { usernameOf } from "../../plugin/username.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { ServiceKeys } from "../access/service-keys.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { Grantee } from "../agent-users/find-identities.ts";
import { agentTools } from "../workflow/agent-tools.ts";
import { agentIds, type WorkflowStore } from "../workflow/workflow-store.ts";

export interface IdentityParts {
  readonly agentUsers: AgentUsers;
  readonly workflows: WorkflowStore;
  readonly serviceKeys: ServiceKeys;
  readonly host: { readonly name: string; readonly instance: string };
  /** The one workspace that people sign in to, and that the administrator's key opens. */
  readonly defaultWorkspaceId: string;
}

/**
 * The identity of every agent on a canvas, and everyone who could obtain its code at this moment: by a tool
 * that is wired to it, by a grant together with such a tool, or by a scope. The same number of questions to
 * the database whatever the number of agents.
 */
export const listIdentities =
  (parts: IdentityParts) =>
  async ({
    workspaceId,
    slug,
    now,
  }: {
    workspaceId: string;
    slug: string;
    now: Date;
  }): Promise<Identity[]> => {
    const workflow = await parts.workflows.get({ workspaceId, slug });
    const place = { workspaceId, host: parts.host.name, hostInstance: parts.host.instance };
    const found = await parts.agentUsers.findIdentities({
      ...place,
      workflowId: workflow.id,
      agents: agentIds(workflow).map((agentNodeId) => ({
        agentNodeId,
        username: usernameOf(slug, agentNodeId),
      })),
      now,
    });
    const live = found.filter(({ state }) => state === "active" || state === "locked");
    const accountIds = live.flatMap(({ accountId }) => accountId ?? []);
    const grants = await parts.agentUsers.findGrantees({ workspaceId, accountIds });
    const homes = new Map<string, Workflow>(
      (
        await parts.workflows.listByIds({
          workspaceId,
          ids: [
            ...new Set(grants.flatMap(({ host, workflowId }) => (host === place.host ? [workflowId] : []))),
          ],
        })
      ).map((home) => [home.id, home]),
    );
    const byScope = await readersByScope(parts, workspaceId, now);
    return found.map((one) => ({
      agent_node_id: one.agentNodeId,
      username: one.username,
      state: one.state,
      digits: one.digits,
      period: one.period,
      last_used_at: one.lastUsedAt?.toISOString() ?? null,
      readers: live.includes(one)
        ? [
            ...readersByTool(workflow, one),
            ...grants.flatMap((grant) =>
              grant.accountId === one.accountId ? readersByGrant(place.host, homes, grant) : [],
            ),
            ...byScope,
          ]
        : [],
    }));
  };

const hasCodeTool = (workflow: Workflow, agentNodeId: string): boolean =>
  agentTools(workflow, agentNodeId).some((tool) => tool.contract.type === "get_totp_code");

const readersByTool = (
  workflow: Workflow,
  { agentNodeId, username }: { agentNodeId: string; username: string },
): CodeReader[] =>
  hasCodeTool(workflow, agentNodeId)
    ? [
        {
          kind: "agent_user",
          name: username,
          workflow_slug: workflow.slug,
          agent_node_id: agentNodeId,
          reason: "own_code",
          because: "It is its own, and Get TOTP Code is wired to it.",
        },
      ]
    : [];

/**
 * A grant alone gives nothing: codes come from a tool, and the tool must be wired where the reader lives. The wires
 * of another builder are not known here, and it may draw one at any time.
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
  const home = homes.get(grant.workflowId);
  if (!home || !hasCodeTool(home, grant.agentNodeId)) return [];
  return [
    {
      kind: "agent_user",
      name: grant.username,
      workflow_slug: home.slug,
      agent_node_id: grant.agentNodeId,
      reason: "grant",
      because: "It was granted these codes, and Get TOTP Code is wired to it.",
    },
  ];
}

async function readersByScope(
  { serviceKeys, defaultWorkspaceId }: IdentityParts,
  workspaceId: string,
  now: Date,
): Promise<CodeReader[]> {
  const reader = (kind: CodeReader["kind"], name: string, because: string): CodeReader => ({
    kind,
    name,
    workflow_slug: null,
    agent_node_id: null,
    reason: "scope",
    because,
  });
  const everyCode = "lets it read every code of this workspace.";
  const keys = (await serviceKeys.list(workspaceId)).flatMap(({ name, scopes, expires_at }) => {
    const scope = (["admin", "codes:read"] satisfies Scope[]).find((one) => scopes.includes(one));
    const expired = expires_at !== null && new Date(expires_at) <= now;
    return scope && !expired ? [reader("service_key", name, `Its scope ${scope} ${everyCode}`)] : [];
  });
  if (workspaceId !== defaultWorkspaceId) return keys;
  return [
    reader("person", "administrator", "Whoever is signed in to the studio may read every code."),
    reader("service_key", "administrator", `The administrator's key ${everyCode}`),
    ...keys,
  ];
}
