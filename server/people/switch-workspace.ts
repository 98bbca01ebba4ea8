import { PluginError } from "../../plugin/plugin-error.ts";
import type { PersonCaller } from "../access/caller.ts";
import { requireKnownPerson, type SentCode } from "../access/factor-rules.ts";
import { requireFreshProof } from "../access/fresh-proof.ts";
import { hasFactor } from "../access/has-factor.ts";
import { findMember, memberActor } from "../access/members.ts";
import { waysIn } from "../access/ways-in.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { PeopleParts } from "./people-parts.ts";

export interface Switch {
  readonly workspaceId: string;
  /** As the header x-totem-code says it. */
  readonly code: SentCode;
}

/** A person of several workspaces has a factor: what one of them says of the person opens no other. */
export const factorForSeveral = (): PluginError =>
  new PluginError("SECOND_STEP_MISSING", {
    message: "Add a passkey or an authenticator first: then your account can be in several workspaces.",
  });

/**
 * The session goes on in another workspace of the person. A session that a link, an invitation or a provider of one
 * workspace opened stays in that one until the person shows a factor: its administrator can make such a link too.
 */
export async function switchWorkspace(
  parts: PeopleParts,
  caller: PersonCaller,
  { workspaceId, code }: Switch,
): Promise<void> {
  const { db, clock } = parts;
  requireKnownPerson(caller);
  const { personId, sessionId } = caller;
  if (workspaceId === caller.workspaceId) return;
  if (!(await findMember(db, workspaceId, personId))) throw new PluginError("WORKSPACE_NOT_FOUND");
  if (!(await hasFactor(db, personId))) {
    if (waysIn[caller.signedInBy].ofOneWorkspace) throw factorForSeveral();
  } else if (caller.provedAt === null) await requireFreshProof(parts, caller, code);
  await db.transaction().execute(async (trx) => {
    const person = await findMember(trx, workspaceId, personId);
    if (!person) throw new PluginError("WORKSPACE_NOT_FOUND");
    await trx
      .updateTable("studio_session")
      .set({ workspace_id: workspaceId })
      .where("id", "=", sessionId)
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor: memberActor(person, caller.actor.ip ?? undefined),
      action: "studio.workspace_entered",
    });
  });
}
