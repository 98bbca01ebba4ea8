import { z } from "zod";
import {
  credential,
  credentialCode,
  credentialList,
  credentialName,
  openedCredential,
  putCredentialBody,
} from "../../plugin/api/v0.ts";
import { backupCode } from "../../plugin/api/vault.ts";
import { reasonField } from "../../plugin/define-node.ts";
import { writeNamedSecret } from "../../plugin/named-secret.ts";
import { entryName } from "../../plugin/vault-entry.ts";
import { type AuthenticatedCaller, hasScope } from "../access/caller.ts";
import {
  issueCredentialCode,
  listCredentials,
  openCredential,
  putCredential,
} from "../agent-api/credentials.ts";
import type { Vault } from "../vault/vault.ts";
import { defineMcpTool, type McpTool, reads, replaces, spends, usesUp } from "./mcp-tool.ts";

const mayRead = (caller: AuthenticatedCaller): boolean => hasScope(caller, "vault:read");
const mayWrite = (caller: AuthenticatedCaller): boolean => hasScope(caller, "vault:write");
const mayOpen = (caller: AuthenticatedCaller): boolean => hasScope(caller, "vault:open");
const mayTakeBackup = (caller: AuthenticatedCaller): boolean => hasScope(caller, "vault:backup");
const mayDelete = (caller: AuthenticatedCaller): boolean => hasScope(caller, "vault:delete");
const mayReadCodes = (caller: AuthenticatedCaller): boolean =>
  hasScope(caller, "vault:read") || hasScope(caller, "codes:read");

const byName = z.object({ name: credentialName.describe("The credential's name, as vault_list shows it.") });

/** What `/v0/vault` does, as tools. What comes back never holds a seed. */
export const vaultTools = (vault: Vault): readonly McpTool[] => [
  defineMcpTool({
    name: "vault_list",
    title: "List credentials",
    description:
      "Lists the credentials you own or were granted: names, types, whether they have one-time codes, where their secrets may be sent, and how to name each secret in a request. Never the secrets.",
    mayUse: mayRead,
    input: z.object({}),
    output: credentialList,
    hints: reads,
    run: async (_input, { caller }) => {
      const list = await listCredentials(vault, caller);
      if (caller.kind !== "agent_user") return list;
      const nameable = new Map((await vault.nameableFields(caller)).map((one) => [one.entry, one.fields]));
      const credentials = list.credentials.map((credential) => {
        const fields = credential.origins ? (nameable.get(credential.name) ?? []) : [];
        const named_secrets = fields.map((field) => writeNamedSecret({ entry: credential.name, field }));
        return named_secrets.length === 0 ? credential : { ...credential, named_secrets };
      });
      return { ...list, credentials };
    },
  }),
  defineMcpTool({
    name: "vault_get",
    title: "Open a credential",
    description:
      "Opens one credential with its data, such as a username and a password. The key of its one-time codes is never part of it; use vault_totp for a code.",
    mayUse: mayOpen,
    input: byName,
    output: openedCredential,
    fresh: true,
    hints: reads,
    run: ({ name }, { caller }) => openCredential(vault, caller, name),
  }),
  defineMcpTool({
    name: "vault_totp",
    title: "Get a one-time code",
    description:
      "Returns the current one-time code of a credential and how many seconds it lasts. Ask for it right before you type it in.",
    mayUse: mayReadCodes,
    input: byName.extend({
      min_remaining: z
        .int()
        .min(0)
        .max(300)
        .default(0)
        .describe("Seconds the code must still last; waits for a fresh one when fewer are left."),
      reason: reasonField,
    }),
    output: credentialCode,
    // Of entries that give each code once, and of HOTP, every call takes one.
    hints: spends,
    run: ({ name, min_remaining, reason }, { caller, signal }) =>
      issueCredentialCode(vault, caller, { name, minRemaining: min_remaining, reason, signal }),
  }),
  defineMcpTool({
    name: "vault_totp_use_backup",
    title: "Use a backup code",
    description:
      "Takes one backup code of a credential. Each is given once and there are few: only when vault_totp cannot help.",
    mayUse: mayTakeBackup,
    input: byName,
    output: backupCode,
    fresh: true,
    hints: usesUp,
    run: (named, { caller }) => vault.takeBackupCode(caller, named),
  }),
  defineMcpTool({
    name: "vault_store",
    title: "Store a credential",
    description:
      "Stores a credential, or replaces the one you have under this name. Put the setup key of one-time codes in data.secret (types LOGIN and TOTP) or an otpauth:// link in data.otpauth, backup codes in data.backupCodes.",
    mayUse: mayWrite,
    input: putCredentialBody.extend({ name: entryName }),
    output: credential,
    fresh: true,
    hints: replaces,
    run: (entry, { caller }) => putCredential(vault, caller, entry),
  }),
  defineMcpTool({
    name: "vault_delete",
    title: "Delete a credential",
    description: "Deletes a credential for good.",
    mayUse: mayDelete,
    input: byName,
    output: z.object({ deleted: z.literal(true) }),
    hints: replaces,
    run: async (named, { caller }) => {
      await vault.delete(caller, named);
      return { deleted: true as const };
    },
  }),
];
