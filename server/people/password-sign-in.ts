import { PluginError } from "../../plugin/plugin-error.ts";
import type { Device, OpenedSession } from "../access/open-session.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { findHome, openSessionOf } from "./home-workspace.ts";
import { knownDeviceOf } from "./known-device.ts";
import { type Assertion, readAssertion } from "./passkey-answers.ts";
import { checkPasskey, notePasskeyUse, signInUse } from "./passkey-sign-in.ts";
import { passwordContext } from "./password.ts";
import { isPassword } from "./password-hash.ts";
import { normalizedPassword } from "./password-rules.ts";
import type { PeopleParts } from "./people-parts.ts";
import { type RelyingParty, relyingPartyOf } from "./relying-party.ts";
import { countTry } from "./sign-in-limits.ts";

export interface PasswordSignIn {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator or a backup code; or else the answer of a passkey. */
  readonly code: string | undefined;
  readonly response: unknown;
  readonly host: string | undefined;
  readonly device: Device;
  /** The mark of a browser in which people signed in before. */
  readonly mark: string | undefined;
}

/**
 * Signs in by a password and a second factor. The limit comes before the hash, and the hash before the code: without
 * the password, no stranger reaches the lock of a person's authenticator. Whatever is wrong, the answer is the same.
 */
export async function signInByPassword(parts: PeopleParts, request: PasswordSignIn): Promise<OpenedSession> {
  // Before the password is looked at: an answer that does not fit must not say that the password does.
  const passkey = request.code === undefined ? passkeyAnswer(parts, request) : undefined;
  const person = await parts.db
    .selectFrom("person")
    .select(["id", "password_hash"])
    .where("email", "=", request.email)
    .executeTakeFirst();
  const knownDevice = await knownDeviceOf(parts, request.mark, person?.id);
  const takeBack = await countTry(parts, {
    email: request.email,
    ip: request.device.ip,
    knownDevice,
  });
  try {
    const stored = await openHash(parts, person);
    const line = knownDevice === undefined ? "strangers" : "known";
    const isRight = await isPassword(normalizedPassword(request.password), stored, line);
    const opened =
      isRight && person && (await openWithSecondFactor(parts, { ...request, passkey }, person.id));
    if (opened) {
      await takeBack();
      return opened;
    }
  } catch (error) {
    await takeBack();
    throw error;
  }
  await writeAuditEvent(parts.db, {
    workspaceId: parts.defaultWorkspaceId,
    at: parts.clock.now(),
    actor: { kind: "person", id: person?.id ?? "unknown", ip: request.device.ip },
    action: "studio.signed_in",
    result: "refused",
    reason: "password",
  });
  throw new PluginError("SIGN_IN_REFUSED");
}

async function openHash(
  { keyRing, defaultWorkspaceId }: PeopleParts,
  person: { readonly id: string; readonly password_hash: string | null } | undefined,
): Promise<string | undefined> {
  if (!person?.password_hash) return undefined;
  const keys = await keyRing.forWorkspace(defaultWorkspaceId);
  return keys.open(passwordContext(person.id), person.password_hash).toString("utf8");
}

async function openWithSecondFactor(
  parts: PeopleParts,
  { code, device, passkey }: PasswordSignIn & { readonly passkey: PasskeyAnswer | undefined },
  personId: string,
): Promise<OpenedSession | undefined> {
  const signIn = { personId, signedInBy: "password", device } as const;
  if (passkey) {
    const used = await checkPasskey(parts, passkey.answer, { ...signInUse, site: passkey.site });
    if (!used.proved || used.person_id !== personId) return undefined;
    return parts.db.transaction().execute(async (trx) => {
      await notePasskeyUse({ db: trx, clock: parts.clock }, used);
      return openSessionOf(parts, trx, signIn);
    });
  }
  const home = await findHome(parts.db, personId);
  if (code === undefined || !home || !(await isCode(parts, { personId, code, ...home }, device)))
    return undefined;
  return parts.db.transaction().execute((trx) => openSessionOf(parts, trx, signIn));
}

interface PasskeyAnswer {
  readonly answer: Assertion;
  readonly site: RelyingParty;
}

const passkeyAnswer = ({ publicUrl }: PeopleParts, { response, host }: PasswordSignIn): PasskeyAnswer => ({
  answer: readAssertion(response),
  site: relyingPartyOf({ publicUrl, host }),
});

interface CodeOfPerson {
  readonly personId: string;
  readonly workspaceId: string;
  readonly code: string;
}

/** A wrong code, a locked or a missing authenticator: the same answer, which does not say that the password was right. */
async function isCode(
  { secondStep }: PeopleParts,
  { personId, workspaceId, code }: CodeOfPerson,
  { ip }: Device,
): Promise<boolean> {
  try {
    await secondStep.verify({ personId, workspaceId, actor: { kind: "person", id: personId, ip } }, code);
    return true;
  } catch (error) {
    if (error instanceof PluginError && error.status < 500) return false;
    throw error;
  }
}
