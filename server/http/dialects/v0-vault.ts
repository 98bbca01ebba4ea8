import { z } from "zod";
import { credentialData, credentialMetadata } from "../../../plugin/api/vault.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { credentialType, entryName } from "../../../plugin/vault-entry.ts";
import type { Vault } from "../../vault/vault.ts";
import type { ShownEntry } from "../../vault/vault-entry.ts";
import { goneSignal } from "../gone-signal.ts";
import type { App } from "../http-server.ts";
import { readPasted } from "../read-one-time.ts";
import { vaultCallerOf } from "../vault-caller-of.ts";
import { splitData } from "./v0-credential-data.ts";

/** `/v0/vault`: what clients of Mailgent and Loomal call. */
export interface V0VaultParts {
  readonly vault: Vault;
}

/** Its lists have no pages. */
const longestList = 1_000;

const params = z.object({ name: z.string().min(1).max(200) });
const iso = z.iso.datetime().nullable();
const metadata = z.object({
  credentialId: z.uuid(),
  type: z.string(),
  name: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  expiresAt: iso,
  lastUsedAt: iso,
  lastRotatedAt: iso,
  createdAt: z.iso.datetime(),
  hasTotp: z.boolean(),
  backupCodesRemaining: z.int().optional(),
});
const putBody = z.object({
  type: credentialType,
  data: credentialData,
  metadata: credentialMetadata.nullish(),
  expiresAt: z.iso.datetime({ offset: true }).or(z.iso.date()).nullish(),
});
const postBody = z.object({ label: entryName, otpauth: z.string().min(1).max(10_000) });
const totp = z.object({
  code: z.string(),
  remaining: z.int().optional(),
  remainingSeconds: z.int().optional(),
  backupCodesRemaining: z.int().optional(),
  serverTime: z.iso.datetime(),
  clockSkewSeconds: z.int().optional(),
});
const tags = ["/v0"];
const read = { may: ["vault:read"], agent: "key" } as const;
const write = { may: ["vault:write"], agent: "key" } as const;
const codes = { may: ["vault:read", "codes:read"], agent: "key" } as const;

const show = (entry: ShownEntry) => ({
  credentialId: entry.id,
  type: entry.type,
  name: entry.name,
  metadata: entry.metadata,
  expiresAt: entry.expiresAt?.toISOString() ?? null,
  lastUsedAt: entry.lastUsedAt?.toISOString() ?? null,
  lastRotatedAt: entry.lastRotatedAt?.toISOString() ?? null,
  createdAt: entry.createdAt.toISOString(),
  hasTotp: entry.oneTime !== null,
  ...(entry.backupCodes > 0 ? { backupCodesRemaining: entry.backupCodes } : {}),
});

export function v0VaultRoutes(app: App, { vault }: V0VaultParts): void {
  app.get(
    "/v0/vault",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "List credentials, without their secrets",
        response: { 200: z.object({ credentials: z.array(metadata), count: z.int() }) },
      },
    },
    async (request) => {
      const credentials = (await vault.list(vaultCallerOf(request), { limit: longestList })).map(show);
      return { credentials, count: credentials.length };
    },
  );

  app.post(
    "/v0/vault",
    {
      config: { access: write },
      schema: { tags, summary: "Store a second factor", body: postBody, response: { 200: metadata } },
    },
    async (request) => {
      const { label, otpauth } = request.body;
      const { oneTime } = readPasted(otpauth, "otpauth");
      return show(await vault.put(vaultCallerOf(request), { name: label, type: "TOTP", data: {}, oneTime }));
    },
  );

  app.put(
    "/v0/vault/:name",
    {
      config: { access: write },
      schema: {
        tags,
        summary: "Store or replace a credential",
        params,
        body: putBody,
        response: { 200: metadata },
      },
    },
    async (request) => {
      const { type, data, metadata: shown, expiresAt } = request.body;
      const name = entryName.safeParse(request.params.name);
      if (!name.success)
        throw new PluginError("INPUT_INVALID", {
          fields: [{ field: "name", problem: "Must be one line of text." }],
        });
      const split = splitData(type, data);
      const entry = await vault.put(
        vaultCallerOf(request),
        {
          name: name.data,
          type,
          data: split.data,
          metadata: shown,
          expiresAt: expiresAt ? new Date(expiresAt) : null,
          oneTime: split.oneTime,
          backupCodes: split.backupCodes,
        },
        split.keepSecret,
      );
      return show(entry);
    },
  );

  app.get(
    "/v0/vault/:name",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "Open a credential; never its seed",
        params,
        response: { 200: metadata.extend({ data: z.record(z.string(), z.unknown()) }) },
      },
    },
    async (request) => {
      const caller = vaultCallerOf(request);
      const opened = await vault.openData(caller, request.params);
      const backup = opened.rights.includes("backup") ? await vault.openBackupCodes(caller, opened.id) : [];
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
  );

  app.delete(
    "/v0/vault/:name",
    {
      config: { access: write },
      schema: { tags, summary: "Delete a credential", params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await vault.delete(vaultCallerOf(request), request.params);
      return reply.status(204).send();
    },
  );

  app.get(
    "/v0/vault/:name/totp",
    {
      config: { access: codes },
      schema: { tags, summary: "The code of this moment", params, response: { 200: totp } },
    },
    async (request, reply) => {
      const issued = await vault.issueCode({
        caller: vaultCallerOf(request),
        entry: request.params,
        minRemaining: 0,
        signal: goneSignal(reply),
      });
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
  );

  app.post(
    "/v0/vault/:name/totp/backup",
    {
      config: { access: codes },
      schema: {
        tags,
        summary: "Take one backup code, once",
        params,
        response: { 200: z.object({ code: z.string(), remaining: z.int() }) },
      },
    },
    (request) => vault.takeBackupCode(vaultCallerOf(request), request.params),
  );
}
