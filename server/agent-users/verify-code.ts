import { type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AgentNodeCaller, type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { namedSubject } from "../redaction/named-subject.ts";
import { acceptCode, findClaimant, type VerifierParts } from "./accept-code.ts";
import { isAt, locationOf } from "./agent-account.ts";

export interface OwnClaim {
  readonly caller: AgentNodeCaller;
  readonly code: string;
  /** The username that the caller says the code belongs to. Empty means the caller's own. */
  readonly requested: string;
}

/** The claim of an agent that calls the tool: about itself, or about another that granted it. */
export async function verifyOwnCode(
  parts: VerifierParts,
  { caller, code, requested }: OwnClaim,
): Promise<{ readonly username: string }> {
  const own = await findClaimant(parts.db, isAt("u", locationOf(caller)));
  if (!own) throw new PluginError("AGENT_USER_NOT_FOUND");
  if (own.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
  const actor = { ...caller.actor, onBehalfOf: own.username };
  const about =
    requested === "" || requested === own.username
      ? own
      : await findClaimant(parts.db, isGrantedTo(own.id, caller.workspaceId, requested));
  if (!about) {
    await writeAuditEvent(parts.db, {
      ...auditFactsOf(caller),
      at: parts.clock.now(),
      actor,
      action: "code.verified",
      subject: { kind: "agent_user", id: namedSubject(requested) },
      result: "refused",
      reason: "not_granted",
    });
    throw new PluginError("FORBIDDEN", { message: "You may prove yourself only. Leave username empty." });
  }
  await acceptCode(parts, about, { code, actor, trace: caller.trace });
  return { username: about.username };
}

const isGrantedTo = (readerId: string, workspaceId: string, username: string): RawBuilder<boolean> =>
  sql<boolean>`u.workspace_id = ${workspaceId} and u.username = ${username}
    and exists (select from agent_user_grant g where g.agent_user_id = u.id and g.reader_id = ${readerId})`;

export interface NamedClaim {
  readonly username: string;
  readonly code: string;
}

/** The claim of a caller that may verify for the workspace: about any of its agent users, by name. */
export async function verifyCodeOf(
  parts: VerifierParts,
  caller: AuthenticatedCaller,
  { username, code }: NamedClaim,
): Promise<void> {
  const about = await findClaimant(
    parts.db,
    sql<boolean>`u.workspace_id = ${caller.workspaceId} and u.username = ${username}`,
  );
  if (!about) throw new PluginError("AGENT_USER_NOT_FOUND");
  await acceptCode(parts, about, { code, actor: caller.actor, trace: caller.trace });
}
