import { writeAuditEvent } from "../audit/audit-log.ts";
import { type Device, openSession, type StudioSessionParts, studioSessionHash } from "./open-session.ts";
import { endOwnSession, endOwnSessions, listOwnSessions } from "./own-sessions.ts";
import { createSignInLink, hasOnePersonAtMost, signIn, type UnnamedProof } from "./sign-in-link.ts";

/** Opens and ends the sessions of people. How they prove who they are is the matter of `server/people`. */
export function createStudioSessions(parts: StudioSessionParts) {
  const linkUses = new Set<() => void>();
  return {
    createLink: createSignInLink.bind(null, parts),
    hasOnePersonAtMost: hasOnePersonAtMost.bind(null, parts),
    /** Calls back when a link has signed a person in at this server. */
    onLinkUsed: (callback: () => void) => void linkUses.add(callback),
    signIn: async (proof: UnnamedProof, device: Device) => {
      const opened = await signIn(parts, proof, device);
      if ("link" in proof) for (const tell of linkUses) tell();
      return opened;
    },
    claim: claimStudioSession.bind(null, parts),
    open: openSession.bind(null, parts),
    list: listOwnSessions.bind(null, parts),
    end: endOwnSession.bind(null, parts),
    endAll: endOwnSessions.bind(null, parts),
  };
}

export type StudioSessions = ReturnType<typeof createStudioSessions>;

/** Gives a session from before there were proofs its proof, once. Answers whether there was one to give. */
export function claimStudioSession(
  { db, clock, adminKeyHash }: StudioSessionParts,
  tokenHash: string,
  { proofHash, ip }: Pick<Device, "proofHash" | "ip">,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const claimed = await trx
      .updateTable("studio_session")
      .set({ proof_hash: proofHash })
      .where("token_hash", "=", studioSessionHash(tokenHash, adminKeyHash))
      .where("proof_hash", "is", null)
      .where("expires_at", ">", at)
      .returning(["id", "workspace_id"])
      .executeTakeFirst();
    if (!claimed) return false;
    await writeAuditEvent(trx, {
      workspaceId: claimed.workspace_id,
      at,
      actor: { kind: "person", id: "administrator", ip },
      action: "studio.session_claimed",
      subject: { kind: "studio_session", id: claimed.id },
    });
    return true;
  });
}
