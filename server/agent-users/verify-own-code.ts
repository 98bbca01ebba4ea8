import { type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { namedSubject } from "../redaction/named-subject.ts";
import { type AgentPlace, isAt } from "./agent-place.ts";
import { type Claim, findClaimant, settleClaim, type VerifierParts } from "./verify-code.ts";

/** The claim of an agent that calls the tool: about itself, or about another that granted it. */
export const verifyOwnCode =
  (parts: VerifierParts) =>
  async (
    claim: Claim & { readonly place: AgentPlace; readonly requested: string },
  ): Promise<{ readonly username: string }> => {
    const own = await findClaimant(parts.db, isAt("u", claim.place));
    if (!own) throw new PluginError("AGENT_USER_NOT_FOUND");
    if (own.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
    const actor = { ...claim.actor, onBehalfOf: own.username };
    const about =
      claim.requested === "" || claim.requested === own.username
        ? own
        : await findClaimant(parts.db, grantedTo(own.id, claim));
    if (!about) {
      await writeAuditEvent(parts.db, {
        workspaceId: claim.place.workspaceId,
        at: parts.clock.now(),
        actor,
        action: "code.verified",
        subject: { kind: "agent_user", id: namedSubject(claim.requested) },
        result: "refused",
        reason: "not_granted",
        workflowId: claim.place.workflowId,
        runId: claim.runId,
        nodeId: claim.nodeId,
      });
      throw new PluginError("FORBIDDEN", { message: "You may prove yourself only. Leave username empty." });
    }
    await settleClaim(parts, about, { ...claim, actor });
    return { username: about.username };
  };

const grantedTo = (
  readerId: string,
  { place, requested }: { place: AgentPlace; requested: string },
): RawBuilder<boolean> =>
  sql<boolean>`u.workspace_id = ${place.workspaceId} and u.username = ${requested}
    and exists (select from agent_user_grant g where g.agent_user_id = u.id and g.reader_id = ${readerId})`;

/** The claim of whoever administers the workspace: about any of its agent users, by name. */
export const verifyCodeOf =
  (parts: VerifierParts) =>
  async (claim: Claim & { readonly workspaceId: string; readonly username: string }): Promise<void> => {
    const about = await findClaimant(
      parts.db,
      sql<boolean>`u.workspace_id = ${claim.workspaceId} and u.username = ${claim.username}`,
    );
    if (!about) throw new PluginError("AGENT_USER_NOT_FOUND");
    await settleClaim(parts, about, claim);
  };
