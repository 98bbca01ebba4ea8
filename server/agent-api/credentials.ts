import type { AddTotpBody, Credential, CredentialCode, PutCredentialBody } from "../../plugin/api/v0.ts";
import { backupCodeTexts, seedParameters, seedText } from "../../plugin/api/v0.ts";
import { oneTimeBody } from "../../plugin/api/vault.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { type CredentialType, entryName } from "../../plugin/vault-entry.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { readFields, readPasted } from "../vault/read-one-time.ts";
import type { Vault } from "../vault/vault.ts";
import type { FoundEntry, OneTimeSecret } from "../vault/vault-entry.ts";

/*
 * The vault in the words of the public `/v0` clients. What they send with a seed comes back without it.
 */

/** Its lists have no pages. */
const longestList = 1_000;

const toCredential = (entry: FoundEntry): Credential => ({
  credentialId: entry.id,
  type: entry.type,
  name: entry.name,
  metadata: entry.metadata && { ...entry.metadata },
  expiresAt: entry.expires_at,
  lastUsedAt: entry.last_used_at,
  lastRotatedAt: entry.last_rotated_at,
  createdAt: entry.created_at,
  hasTotp: entry.one_time !== null,
  ...(entry.backup_codes_remaining > 0 ? { backupCodesRemaining: entry.backup_codes_remaining } : {}),
  ...(entry.origins.length > 0 ? { origins: [...entry.origins] } : {}),
});

export async function listCredentials(vault: Vault, caller: AuthenticatedCaller) {
  const credentials = (await vault.list(caller, { limit: longestList })).map(toCredential);
  return { credentials, count: credentials.length };
}

export async function openCredential(vault: Vault, caller: AuthenticatedCaller, name: string) {
  const opened = await vault.openData(caller, { name });
  const backup = opened.rights.includes("manage") ? await vault.openBackupCodes(caller, opened.id) : [];
  const codesOf = (used: boolean) => backup.filter((one) => one.used === used).map(({ code }) => code);
  return {
    ...toCredential(opened),
    data: {
      ...opened.data,
      ...(opened.one_time ? { hasTotp: true } : {}),
      ...(backup.length > 0 ? { backupCodes: codesOf(false), usedBackupCodes: codesOf(true) } : {}),
    },
  };
}

export async function putCredential(
  vault: Vault,
  caller: AuthenticatedCaller,
  { name, type, data, metadata, expiresAt, origins }: PutCredentialBody & { readonly name: string },
): Promise<Credential> {
  const split = splitData(type, data);
  const entry = {
    name: parseInput(entryName, name, "name"),
    type,
    metadata,
    expiresAt: expiresAt ? new Date(expiresAt) : null,
    origins,
    ...split,
  };
  return toCredential(await vault.put(caller, entry));
}

/** A credential that is a second factor alone. */
export async function addTotpCredential(
  vault: Vault,
  caller: AuthenticatedCaller,
  { label: name, otpauth, origins }: AddTotpBody,
): Promise<Credential> {
  const { oneTime } = readPasted(otpauth, "otpauth");
  return toCredential(await vault.put(caller, { name, type: "TOTP", data: {}, oneTime, origins }));
}

interface CredentialCodeRequest {
  readonly name: string;
  readonly minRemaining: number;
  /** The model's words. */
  readonly reason?: string;
  readonly signal: AbortSignal;
}

export async function issueCredentialCode(
  vault: Vault,
  caller: AuthenticatedCaller,
  { name, ...request }: CredentialCodeRequest,
): Promise<CredentialCode> {
  const issued = await vault.issueCode({ caller, entry: { name }, ...request });
  return {
    code: issued.code,
    ...(issued.expires_in === null
      ? {}
      : { remaining: issued.expires_in, remainingSeconds: issued.expires_in }),
    ...(issued.backup_codes_remaining > 0 ? { backupCodesRemaining: issued.backup_codes_remaining } : {}),
    serverTime: issued.server_time,
    ...(issued.clock_skew_seconds === undefined ? {} : { clockSkewSeconds: issued.clock_skew_seconds }),
  };
}

interface SplitData {
  readonly data: Record<string, unknown>;
  readonly oneTime: OneTimeSecret | undefined;
  readonly backupCodes: readonly string[] | undefined;
  /** The data that was read comes back without the shared secret, which is never read. So the secret stays. */
  readonly keepSecret: boolean;
}

/** Where `secret` is a seed. In other types it is theirs: an API key's, a client's. */
const seedTypes = new Set<CredentialType>(["LOGIN", "TOTP"]);

/** Takes the seed and the backup codes out of a credential's data: they are sealed apart and never read back. */
function splitData(type: CredentialType, data: Readonly<Record<string, unknown>>): SplitData {
  const { otpauth, backupCodes, usedBackupCodes: _used, hasTotp, ...rest } = data;
  const kept: Record<string, unknown> = { ...rest };
  let seed: unknown;
  if (seedTypes.has(type)) {
    seed = kept.secret;
    delete kept.secret;
  }
  return {
    data: kept,
    oneTime: readSeed(otpauth ?? undefined, seed ?? undefined, kept),
    backupCodes:
      backupCodes === undefined ? undefined : parseInput(backupCodeTexts, backupCodes, "data.backupCodes"),
    keepSecret: hasTotp === true && otpauth === undefined && seed === undefined,
  };
}

function readSeed(
  otpauth: unknown,
  seed: unknown,
  beside: Readonly<Record<string, unknown>>,
): OneTimeSecret | undefined {
  if (otpauth !== undefined)
    return readPasted(parseInput(seedText, otpauth, "data.otpauth"), "data.otpauth").oneTime;
  if (seed === undefined) return undefined;
  const text = parseInput(seedText, seed, "data.secret");
  if (/^\s*otpauth/i.test(text)) return readPasted(text, "data.secret").oneTime;
  const known = parseInput(seedParameters, pick(beside), "data");
  return readFields(oneTimeBody.parse({ ...known, secret: text }), "data.secret").oneTime;
}

const pick = (beside: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.keys(seedParameters.shape).flatMap((key) => (beside[key] == null ? [] : [[key, beside[key]]])),
  );
