import type { Kysely } from "kysely";
import { decodeBase32 } from "../../plugin/enrolment/base32.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { type OneTimeSecret, secretContext, type VaultParts } from "./vault-entry.ts";

/** The columns of an entry that hold and describe its shared secret. */
export function oneTimeColumns(keys: WorkspaceKeys, id: string, one: OneTimeSecret) {
  const bytes = decodeBase32(one.secret);
  try {
    return {
      sealed_secret: keys.seal(secretContext(id), bytes),
      otp_type: one.type,
      algorithm: one.algorithm,
      digits: one.digits,
      period: one.period,
      issuer: one.issuer,
      account: one.account,
      hotp_counter: one.counter,
      weak_secret: one.weak,
      last_counter: -1,
    };
  } finally {
    bytes.fill(0);
  }
}

export const noOneTime = {
  sealed_secret: null,
  otp_type: null,
  algorithm: null,
  digits: null,
  period: null,
  issuer: null,
  account: null,
  hotp_counter: null,
  weak_secret: false,
  last_counter: -1,
} as const;

export interface SecretQuestion {
  readonly workspaceId: string;
  readonly id: string;
  readonly oneTime: OneTimeSecret;
}

/** Whether an entry holds this very secret already, with the same parameters. */
export async function isSameSecret(
  db: Kysely<Tables>,
  keys: WorkspaceKeys,
  { workspaceId, id, oneTime }: SecretQuestion,
): Promise<boolean> {
  const row = await db
    .selectFrom("vault_entry")
    .select("sealed_secret")
    .where("id", "=", id)
    .where("workspace_id", "=", workspaceId)
    .where("otp_type", "=", oneTime.type)
    .where("algorithm", "=", oneTime.algorithm)
    .where("digits", "=", oneTime.digits)
    .where("period", "is not distinct from", oneTime.period)
    .executeTakeFirst();
  if (!row?.sealed_secret) return false;
  const [stored, sent] = [keys.open(secretContext(id), row.sealed_secret), decodeBase32(oneTime.secret)];
  try {
    return stored.equals(sent);
  } finally {
    stored.fill(0);
    sent.fill(0);
  }
}

/** For clients that send the same thing twice. */
export const holdsSecret = async (
  { db, keyRing }: VaultParts,
  { workspaceId }: AuthenticatedCaller,
  question: Omit<SecretQuestion, "workspaceId">,
): Promise<boolean> =>
  isSameSecret(db, await keyRing.forWorkspace(workspaceId), { ...question, workspaceId });
