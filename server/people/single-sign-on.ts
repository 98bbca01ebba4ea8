import type { z } from "zod";
import type { finishSingleSignOnBody } from "../../plugin/api/people.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Device, OpenedSession } from "../access/open-session.ts";
import type { StudioSessions } from "../access/studio-sessions.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { hashToken } from "../secrets/bearer-token.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { enterByProvider } from "./single-sign-on-people.ts";
import {
  type AttemptSecrets,
  addressToSignIn,
  discoverProvider,
  newAttemptSecrets,
  readClaims,
} from "./single-sign-on-provider.ts";
import {
  changeSingleSignOn,
  clientOf,
  getSettings,
  readSingleSignOn,
  redirectUriOf,
  removeSingleSignOn,
  type SingleSignOnParts,
} from "./single-sign-on-settings.ts";

export interface SingleSignOnFlowParts extends SingleSignOnParts {
  readonly studioSessions: Pick<StudioSessions, "open">;
}

/**
 * Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce. An attempt belongs to the page that
 * began it: only that page, with its proof, can end it. No cookie takes part, since cookies go to every port of a host.
 * What the provider says is believed of its own subjects only: it takes over no person that it did not bring.
 */
export const createSingleSignOn = (parts: SingleSignOnFlowParts) => ({
  read: readSingleSignOn.bind(null, parts),
  change: changeSingleSignOn.bind(null, parts),
  remove: removeSingleSignOn.bind(null, parts),
  start: startSingleSignOn.bind(null, parts),
  finish: finishSingleSignOn.bind(null, parts),
});

export type SingleSignOn = ReturnType<typeof createSingleSignOn>;

/** Long enough for a provider that asks for a second factor. */
const attemptMinutes = 10;

const sealContextOf = (stateHash: string) => ({
  table: "single_sign_on_attempt",
  rowId: stateHash,
  column: "sealed_secrets",
});

interface Begin {
  readonly workspaceId: string;
  readonly proofHash: string;
  /** The origin of the page; absent where the browser does not say it. */
  readonly origin: string | undefined;
}

/** The address of the provider to which the page goes. */
export async function startSingleSignOn(
  parts: SingleSignOnFlowParts,
  { workspaceId, proofHash, origin }: Begin,
): Promise<{ url: string }> {
  const { db, clock, keyRing, addresses } = parts;
  const settings = await getSettings(db, workspaceId);
  // The provider sends the browser back to that address, where the page of another has no proof.
  if (origin !== undefined && origin !== new URL(addresses.studioUrl).origin)
    throw new PluginError("SINGLE_SIGN_ON_REFUSED", {
      message: `Single sign-on works at ${addresses.studioUrl}. Open Totem there.`,
    });
  const config = await discoverProvider(parts, await clientOf(parts, settings));
  const secrets = newAttemptSecrets();
  const url = await addressToSignIn(config, secrets, redirectUriOf(parts));
  const keys = await keyRing.forWorkspace(workspaceId);
  const stateHash = hashToken(secrets.state);
  const now = clock.now();
  await db.deleteFrom("single_sign_on_attempt").where("expires_at", "<=", now).execute();
  await db
    .insertInto("single_sign_on_attempt")
    .values({
      state_hash: stateHash,
      workspace_id: workspaceId,
      sealed_secrets: keys.seal(
        sealContextOf(stateHash),
        JSON.stringify({
          nonce: secrets.nonce,
          verifier: secrets.verifier,
          issuer: settings.issuer,
          clientId: settings.client_id,
        }),
      ),
      proof_hash: proofHash,
      expires_at: new Date(now.getTime() + attemptMinutes * 60_000),
    })
    .execute();
  return { url };
}

type Returned = z.output<typeof finishSingleSignOnBody>;

/** Ends an attempt with what the provider sent back, and signs the person in. */
export async function finishSingleSignOn(
  parts: SingleSignOnFlowParts,
  returned: Returned,
  device: Device,
): Promise<OpenedSession> {
  const { db } = parts;
  const stateHash = hashToken(returned.state);
  // Used up before anything is sent: the same answer is not exchanged twice.
  const attempt = await db
    .deleteFrom("single_sign_on_attempt")
    .where("state_hash", "=", stateHash)
    .returning(["workspace_id", "sealed_secrets", "proof_hash", "expires_at"])
    .executeTakeFirst();
  if (!attempt) throw new PluginError("SINGLE_SIGN_ON_REFUSED");
  const { workspace_id: workspaceId } = attempt;
  const refuse = (error: unknown) => refuseSignIn(parts, { workspaceId, ip: device.ip }, error);
  if (attempt.expires_at <= parts.clock.now())
    return refuse(
      new PluginError("SINGLE_SIGN_ON_REFUSED", {
        message: "That took too long. Begin again on the sign-in page.",
      }),
    );
  if (!timingSafeEqual(attempt.proof_hash, device.proofHash))
    return refuse(
      new PluginError("SINGLE_SIGN_ON_REFUSED", {
        message: "This sign-in was begun in another browser. Begin again on the sign-in page.",
      }),
    );
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  const secrets = JSON.parse(keys.open(sealContextOf(stateHash), attempt.sealed_secrets).toString());
  try {
    return await signIn(parts, { workspaceId, returned, secrets }, device);
  } catch (error) {
    return refuse(error);
  }
}

interface Attempt {
  readonly workspaceId: string;
  readonly returned: Returned;
  readonly secrets: Omit<AttemptSecrets, "state"> & { readonly issuer: string; readonly clientId: string };
}

async function signIn(
  parts: SingleSignOnFlowParts,
  { workspaceId, returned, secrets }: Attempt,
  device: Device,
): Promise<OpenedSession> {
  const settings = await getSettings(parts.db, workspaceId);
  // An answer of one provider is never given to another.
  if (settings.issuer !== secrets.issuer || settings.client_id !== secrets.clientId)
    throw new PluginError("SINGLE_SIGN_ON_REFUSED", {
      message: "The settings of single sign-on have changed. Begin again on the sign-in page.",
    });
  const config = await discoverProvider(parts, await clientOf(parts, settings));
  const address = new URL(redirectUriOf(parts));
  for (const [name, value] of Object.entries(returned)) address.searchParams.set(name, value);
  const hasGroups = Object.keys(settings.roles_of_groups).length > 0;
  const claims = await readClaims(parts.clock, config, {
    state: returned.state,
    nonce: secrets.nonce,
    verifier: secrets.verifier,
    address,
    wanted: ["email", ...(hasGroups ? [settings.groups_claim] : [])],
  });
  const entry = await parts.db.transaction().execute(async (trx) => {
    const entered = await enterByProvider(trx, parts.clock.now(), { settings, claims, ip: device.ip });
    if ("refusal" in entered) return entered;
    return parts.studioSessions.open(trx, {
      workspaceId,
      person: entered.person,
      signedInBy: "single_sign_on",
      device,
    });
  });
  if ("refusal" in entry) throw entry.refusal;
  return entry;
}

/** One row in the audit log for every refusal of an attempt that was ours. */
async function refuseSignIn(
  { db, clock }: SingleSignOnFlowParts,
  { workspaceId, ip }: { readonly workspaceId: string; readonly ip: string },
  error: unknown,
): Promise<never> {
  if (error instanceof PluginError)
    await writeAuditEvent(db, {
      workspaceId,
      at: clock.now(),
      actor: { kind: "person", id: "unknown", ip },
      action: "studio.signed_in",
      result: "refused",
      reason: error.code.toLowerCase(),
    });
  throw error;
}
