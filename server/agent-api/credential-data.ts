import { backupCodeTexts, seedParameters, seedText } from "../../plugin/api/v0.ts";
import { oneTimeBody } from "../../plugin/api/vault.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import type { CredentialType } from "../../plugin/vault-entry.ts";
import { readFields, readPasted } from "../vault/read-one-time.ts";
import type { OneTimeSecret } from "../vault/vault-entry.ts";

interface SplitData {
  readonly data: Record<string, unknown>;
  readonly oneTime: OneTimeSecret | undefined;
  readonly backupCodes: readonly string[] | undefined;
  /** What was read came back without the seed, which is never read: it stays. */
  readonly keepSecret: boolean;
}

/** Where `secret` is a seed. In other types it is theirs: an API key's, a client's. */
const seedTypes = new Set<CredentialType>(["LOGIN", "TOTP"]);

/** Takes the seed and the backup codes out of a credential's data: they are sealed apart and never read back. */
export function splitData(type: CredentialType, data: Readonly<Record<string, unknown>>): SplitData {
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
