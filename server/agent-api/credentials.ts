import type { Credential, CredentialCode, PutCredentialBody } from "../../plugin/api/v0.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { entryName } from "../../plugin/vault-entry.ts";
import { readPasted } from "../vault/read-one-time.ts";
import type { Vault } from "../vault/vault.ts";
import type { VaultCaller } from "../vault/vault-caller.ts";
import type { ShownEntry } from "../vault/vault-entry.ts";
import { splitData } from "./credential-data.ts";

/** Its lists have no pages. */
const longestList = 1_000;

const show = (entry: ShownEntry): Credential => ({
  credentialId: entry.id,
  type: entry.type,
  name: entry.name,
  metadata: entry.metadata && { ...entry.metadata },
  expiresAt: entry.expiresAt?.toISOString() ?? null,
  lastUsedAt: entry.lastUsedAt?.toISOString() ?? null,
  lastRotatedAt: entry.lastRotatedAt?.toISOString() ?? null,
  createdAt: entry.createdAt.toISOString(),
  hasTotp: entry.oneTime !== null,
  ...(entry.backupCodes > 0 ? { backupCodesRemaining: entry.backupCodes } : {}),
});

export type Credentials = ReturnType<typeof createCredentials>;

/** The vault in the words of the public `/v0` clients. What they send with a seed comes back without it. */
export const createCredentials = (vault: Vault) => ({
  async list(caller: VaultCaller) {
    const credentials = (await vault.list(caller, { limit: longestList })).map(show);
    return { credentials, count: credentials.length };
  },

  async open(caller: VaultCaller, name: string) {
    const opened = await vault.openData(caller, { name });
    const backup = opened.rights.includes("manage") ? await vault.openBackupCodes(caller, opened.id) : [];
    const named = (used: boolean) => backup.filter((one) => one.used === used).map(({ code }) => code);
    return {
      ...show(opened),
      data: {
        ...opened.data,
        ...(opened.oneTime ? { hasTotp: true } : {}),
        ...(backup.length > 0 ? { backupCodes: named(false), usedBackupCodes: named(true) } : {}),
      },
    };
  },

  async put(caller: VaultCaller, name: string, body: PutCredentialBody): Promise<Credential> {
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
    };
    return show(await vault.put(caller, entry, split.keepSecret));
  },

  async addTotp(caller: VaultCaller, name: string, otpauth: string): Promise<Credential> {
    const { oneTime } = readPasted(otpauth, "otpauth");
    return show(await vault.put(caller, { name, type: "TOTP", data: {}, oneTime }));
  },

  delete: (caller: VaultCaller, name: string): Promise<void> => vault.delete(caller, { name }),

  async issueCode(
    caller: VaultCaller,
    name: string,
    wish: { readonly minRemaining: number; readonly signal: AbortSignal },
  ): Promise<CredentialCode> {
    const issued = await vault.issueCode({ caller, entry: { name }, ...wish });
    return {
      code: issued.code,
      ...(issued.expiresIn === null
        ? {}
        : { remaining: issued.expiresIn, remainingSeconds: issued.expiresIn }),
      ...(issued.backupCodes > 0 ? { backupCodesRemaining: issued.backupCodes } : {}),
      serverTime: issued.serverTime.toISOString(),
      ...(issued.clockSkewSeconds === null ? {} : { clockSkewSeconds: issued.clockSkewSeconds }),
    };
  },

  takeBackupCode: (caller: VaultCaller, name: string) => vault.takeBackupCode(caller, { name }),
});
