import type { Credential, CredentialCode, PutCredentialBody } from "../../plugin/api/v0.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { entryName } from "../../plugin/vault-entry.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { readPasted } from "../vault/read-one-time.ts";
import type { Vault } from "../vault/vault.ts";
import type { FoundEntry } from "../vault/vault-entry.ts";
import { splitData } from "./credential-data.ts";

/** Its lists have no pages. */
const longestList = 1_000;

const show = (entry: FoundEntry): Credential => ({
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
});

export type Credentials = ReturnType<typeof createCredentials>;

/** The vault in the words of the public `/v0` clients. What they send with a seed comes back without it. */
export const createCredentials = (vault: Vault) => ({
  async list(caller: AuthenticatedCaller) {
    const credentials = (await vault.list(caller, { limit: longestList })).map(show);
    return { credentials, count: credentials.length };
  },

  async open(caller: AuthenticatedCaller, name: string) {
    const opened = await vault.openData(caller, { name });
    const backup = opened.rights.includes("manage") ? await vault.openBackupCodes(caller, opened.id) : [];
    const named = (used: boolean) => backup.filter((one) => one.used === used).map(({ code }) => code);
    return {
      ...show(opened),
      data: {
        ...opened.data,
        ...(opened.one_time ? { hasTotp: true } : {}),
        ...(backup.length > 0 ? { backupCodes: named(false), usedBackupCodes: named(true) } : {}),
      },
    };
  },

  async put(caller: AuthenticatedCaller, name: string, body: PutCredentialBody): Promise<Credential> {
    const { type, data, metadata, expiresAt } = body;
    const split = splitData(type, data);
    const entry = {
      name: parseInput(entryName, name, "name"),
      type,
      data: split.data,
      metadata,
      expiresAt: expiresAt ? new Date(expiresAt) : null,
      oneTime: split.oneTime,
      backupCodes: split.backupCodes,
      keepSecret: split.keepSecret,
    };
    return show(await vault.put(caller, entry));
  },

  async addTotp(caller: AuthenticatedCaller, name: string, otpauth: string): Promise<Credential> {
    const { oneTime } = readPasted(otpauth, "otpauth");
    return show(await vault.put(caller, { name, type: "TOTP", data: {}, oneTime }));
  },

  delete: (caller: AuthenticatedCaller, name: string): Promise<void> => vault.delete(caller, { name }),

  async issueCode(
    caller: AuthenticatedCaller,
    name: string,
    wish: { readonly minRemaining: number; readonly signal: AbortSignal },
  ): Promise<CredentialCode> {
    const issued = await vault.issueCode({ caller, entry: { name }, ...wish });
    return {
      code: issued.code,
      ...(issued.expires_in === null
        ? {}
        : { remaining: issued.expires_in, remainingSeconds: issued.expires_in }),
      ...(issued.backup_codes_remaining > 0 ? { backupCodesRemaining: issued.backup_codes_remaining } : {}),
      serverTime: issued.server_time,
      ...(issued.clock_skew_seconds === undefined ? {} : { clockSkewSeconds: issued.clock_skew_seconds }),
    };
  },

  takeBackupCode: (caller: AuthenticatedCaller, name: string) => vault.takeBackupCode(caller, { name }),
});
