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
import { entryName } from "../../plugin/vault-entry.ts";
import type { Credentials } from "../agent-api/credentials.ts";
import type { McpCaller } from "./mcp-caller.ts";
import { defineMcpTool, type McpTool, reads, replaces, spends, usesUp } from "./mcp-tool.ts";

const mayRead = ({ hasScope }: McpCaller): boolean => hasScope("vault:read");
const mayWrite = ({ hasScope }: McpCaller): boolean => hasScope("vault:write");
const mayReadCodes = ({ hasScope }: McpCaller): boolean => hasScope("vault:read") || hasScope("codes:read");

const byName = z.object({ name: credentialName.describe("The credential's name, as vault_list shows it.") });

/** What `/v0/vault` does, as tools. What comes back never holds a seed. */
export const vaultTools = (credentials: Credentials): readonly McpTool[] => [
  defineMcpTool({
    name: "vault_list",
    title: "List credentials",
    description:
      "Lists the credentials you own or were granted: names, types and whether they have one-time codes. Never the secrets.",
    mayUse: mayRead,
    input: z.object({}),
    output: credentialList,
    hints: reads,
    run: (_input, { caller }) => credentials.list(caller.vault),
  }),
  defineMcpTool({
    name: "vault_get",
    title: "Open a credential",
    description:
      "Opens one credential with its data, such as a username and a password. The key of its one-time codes is never part of it; use vault_totp for a code.",
    mayUse: mayRead,
    input: byName,
    output: openedCredential,
    hints: reads,
    run: ({ name }, { caller }) => credentials.open(caller.vault, name),
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
    }),
    output: credentialCode,
    // Of entries that give each code once, and of HOTP, every call takes one.
    hints: spends,
    run: ({ name, min_remaining }, { caller, signal }) =>
      credentials.issueCode(caller.vault, name, { minRemaining: min_remaining, signal }),
  }),
  defineMcpTool({
    name: "vault_totp_use_backup",
    title: "Use a backup code",
    description:
      "Takes one backup code of a credential. Each is given once and there are few: only when vault_totp cannot help.",
    mayUse: mayReadCodes,
    input: byName,
    output: backupCode,
    hints: usesUp,
    run: ({ name }, { caller }) => credentials.takeBackupCode(caller.vault, name),
  }),
  defineMcpTool({
    name: "vault_store",
    title: "Store a credential",
    description:
      "Stores a credential, or replaces the one you have under this name. Put the setup key of one-time codes in data.secret (types LOGIN and TOTP) or an otpauth:// link in data.otpauth, backup codes in data.backupCodes.",
    mayUse: mayWrite,
    input: putCredentialBody.extend({ name: entryName }),
    output: credential,
    hints: replaces,
    run: ({ name, ...body }, { caller }) => credentials.put(caller.vault, name, body),
  }),
  defineMcpTool({
    name: "vault_delete",
    title: "Delete a credential",
    description: "Deletes a credential for good.",
    mayUse: mayWrite,
    input: byName,
    output: z.object({ deleted: z.literal(true) }),
    hints: replaces,
    run: async ({ name }, { caller }) => {
      await credentials.delete(caller.vault, name);
      return { deleted: true as const };
    },
  }),
];
