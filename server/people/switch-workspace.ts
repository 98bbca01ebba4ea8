import { PluginError } from "../../plugin/plugin-error.ts";
import { type PersonCaller, personActor } from "../access/caller.ts";
import { requireKnownPerson, type SentCode } from "../access/factor-rules.ts";
import { requireFreshProof } from "../access/fresh-proof.ts";
import { findMember, hasFactor } from "../access/studio-sessions.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { PeopleParts } from "./people-parts.ts";

interface Switch {
  readonly workspaceId: string;
  /** As the header x-totem-code says it. */
  readonly code: SentCode;
}

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
  if (caller.provedAt === null && (await hasFactor(db, personId)))
    await requireFreshProof(parts, caller, code);
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
      actor: personActor(person, caller.actor.ip ?? undefined),
      action: "studio.workspace_entered",
    });
  });
}
