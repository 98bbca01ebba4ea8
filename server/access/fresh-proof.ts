import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { Caller, PersonCaller } from "./caller.ts";
import type { SecondStep } from "./second-step.ts";

/** How old a fresh proof may be. NIST SP 800-63B calls asking for one reauthentication. */
export const freshMinutes = 10;

export interface FreshProofParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly secondStep: Pick<SecondStep, "isOn" | "verify">;
}

/**
 * Refuses a person whose last proof is older than ten minutes. A code that comes with the request is a proof. Programs
 * prove themselves by their key, and may what its scopes say.
 */
export async function requireFreshProof(
  parts: FreshProofParts,
  caller: Caller,
  code: string | readonly string[] | undefined,
): Promise<void> {
  if (caller.kind !== "person" || isFresh(caller, parts.clock.now())) return;
  if (typeof code !== "string" || code.length > 64) throw await proofNeeded(parts, caller);
  await proveWithCode(parts, caller, code);
}

/** Refuses, and says how this person proves that it is them. The studio does it in a dialog, a client over HTTP. */
async function proofNeeded({ db, secondStep }: FreshProofParts, caller: PersonCaller): Promise<PluginError> {
  const passkey = await db
    .selectFrom("passkey")
    .select("id")
    .where("person_id", "=", caller.personId)
    .limit(1)
    .executeTakeFirst();
  const ways = [...(passkey ? ["passkey"] : []), ...((await secondStep.isOn(caller)) ? ["code"] : [])];
  const proof = { ...proofRoutes, ways, good_for_seconds: freshMinutes * 60 };
  if (ways.length > 0) return new PluginError("FRESH_PROOF_NEEDED", { details: { proof } });
  return new PluginError("FRESH_PROOF_NEEDED", {
    message:
      "Prove first that it is you. You have no passkey and no authenticator: sign in by a new link (totem people link), then add one.",
    details: { proof },
  });
}

/** Over HTTP: a code with the request itself, or a proof before it. */
const proofRoutes = {
  header: "x-totem-code",
  url: "/api/v1/people/me/proof",
  passkey_url: "/api/v1/people/me/proof/passkey/options",
} as const;

/** What the OpenAPI document says of a route that needs a fresh proof. */
export const freshProofWords = `People need a proof of at most ${freshMinutes} minutes ago: a code in the header ${proofRoutes.header}, or before it POST ${proofRoutes.url}, or a passkey by ${proofRoutes.passkey_url}. Without one the answer is 403 FRESH_PROOF_NEEDED, and nothing is done. Keys need none: their scopes are the permission.`;

export const isFresh = ({ provedAt }: PersonCaller, now: Date): boolean =>
  provedAt !== null && now.getTime() - provedAt.getTime() <= freshMinutes * 60_000;

/** Takes a code of the person's authenticator, or a backup code, as the fresh proof of this session. */
export async function proveWithCode(
  parts: FreshProofParts,
  caller: PersonCaller,
  code: string,
): Promise<void> {
  // A first code turns an authenticator on, and that has its own route.
  if (!(await parts.secondStep.isOn(caller))) throw new PluginError("SECOND_STEP_MISSING");
  await parts.secondStep.verify(caller, code);
  await renewProof(parts, caller);
}

/** Notes that the person of this session has just given a fresh proof. */
export async function renewProof(
  { db, clock }: Pick<FreshProofParts, "db" | "clock">,
  { sessionId }: PersonCaller,
): Promise<void> {
  await db
    .updateTable("studio_session")
    .set({ proved_at: clock.now() })
    .where("id", "=", sessionId)
    .execute();
}
