import { z } from "zod";
import {
  addEntryBody,
  backupCode,
  changeEntryBody,
  codeQuery,
  confirmEntryBody,
  entryWithData,
  replaceSecretBody,
  serviceCode,
  storedEntry,
  takenOrigins,
  takeOriginsBody,
  type VaultEntryBody,
  vaultEntry,
  vaultEntryList,
  vaultQuery,
} from "../../../plugin/api/vault.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import { managesVault } from "../../access/caller.ts";
import { type FreshProofParts, requireFreshProof } from "../../access/fresh-proof.ts";
import type { SecondStep } from "../../access/second-step.ts";
import type { Clock } from "../../clock.ts";
import { type App, callerOf } from "../../request/app.ts";
import { goneSignal } from "../../request/reply.ts";
import { type ReadOneTime, readFields, readPasted, requireNoneGenerated } from "../../vault/read-one-time.ts";
import type { Vault } from "../../vault/vault.ts";

export interface VaultRouteParts extends FreshProofParts {
  readonly secondStep: SecondStep;
  readonly vault: Vault;
  readonly clock: Clock;
}

const list: Access = { may: ["vault:read", "lists:read"], agent: "key", granted: true, tools: true };
const open: Access = { may: ["vault:open"], agent: "key", granted: true, fresh: true };
const add: Access = { may: ["vault:write"], agent: "key", lasting: false };
const change: Access = { ...add, granted: true };
const confirm: Access = { ...change, tools: "handles" };
/** Another seed is a factor that was reset. */
const reset: Access = { ...change, fresh: true, lasting: true };
const codes: Access = { may: ["vault:read", "codes:read"], agent: "key", granted: true };
/** A backup code never comes back, and is good until it is used. */
const useUp: Access = { ...codes, may: ["vault:backup"], fresh: true, lasting: true };
const remove: Access = { ...change, may: ["vault:delete"] };
const restore: Access = { may: ["vault:write"], fresh: true };
const takeOrigins: Access = { may: ["vault:write"], fresh: true };
const params = z.object({ id: z.uuid() });
const tags = ["vault"];

type OneTimeFields = Pick<z.output<typeof replaceSecretBody>, "enrolment" | "one_time">;

const readOneTime = ({ enrolment, one_time }: OneTimeFields): ReadOneTime | undefined => {
  if (enrolment !== undefined) return readPasted(enrolment, "enrolment");
  return one_time && readFields(one_time, "one_time");
};

export function vaultRoutes(app: App, parts: VaultRouteParts): void {
  const { vault, clock } = parts;
  app.get(
    "/api/v1/vault/entries",
    {
      config: { access: list },
      schema: {
        tags,
        summary: "List vault entries, newest first",
        querystring: vaultQuery,
        response: { 200: vaultEntryList },
      },
    },
    async (request) => {
      const { limit } = request.query;
      const entries = await vault.list(callerOf(request), request.query);
      return {
        entries,
        next: entries.length < limit ? null : (entries.at(-1)?.id ?? null),
        now: clock.now().toISOString(),
      };
    },
  );

  app.post(
    "/api/v1/vault/entries",
    {
      config: { access: add },
      schema: { tags, summary: "Add a vault entry", body: addEntryBody, response: { 201: storedEntry } },
    },
    async (request, reply) => {
      const { body } = request;
      const one = readOneTime(body);
      requireNoneGenerated(callerOf(request), one);
      const entry = await vault.add(callerOf(request), {
        name: body.name,
        type: body.type ?? (one ? "TOTP" : "CUSTOM"),
        data: body.data,
        metadata: body.metadata,
        expiresAt: body.expires_at ? new Date(body.expires_at) : null,
        oneTime: one?.oneTime,
        backupCodes: body.backup_codes,
        singleUse: body.single_use,
        pending: body.pending,
        origins: body.origins,
      });
      return reply.status(201).send(showStored(entry, one));
    },
  );

  app.post(
    "/api/v1/vault/take-origins",
    {
      config: { access: takeOrigins },
      schema: {
        tags,
        summary: "Say of entries that belong nowhere what the addresses in their data say",
        body: takeOriginsBody.default({}),
        response: { 200: takenOrigins },
      },
    },
    async (request) => {
      const { entries, ...rest } = await vault.takeOrigins(callerOf(request), { after: request.body.after });
      return { entries: [...entries], ...rest };
    },
  );

  app.get(
    "/api/v1/vault/entries/:id",
    {
      config: { access: list },
      schema: {
        tags,
        summary: "Read one vault entry, without its secrets",
        params,
        response: { 200: vaultEntry },
      },
    },
    (request) => vault.find(callerOf(request), request.params),
  );

  app.get(
    "/api/v1/vault/entries/:id/data",
    {
      config: { access: open },
      schema: {
        tags,
        summary: "Open a vault entry's data; never its seed",
        params,
        response: { 200: entryWithData },
      },
    },
    (request) => vault.openData(callerOf(request), request.params),
  );

  app.patch(
    "/api/v1/vault/entries/:id",
    {
      config: { access: change },
      schema: {
        tags,
        summary: "Change an entry; its seed stays",
        params,
        body: changeEntryBody,
        response: { 200: vaultEntry },
      },
    },
    async (request) => {
      const { name, data, metadata, expires_at, single_use, origins } = request.body;
      const caller = callerOf(request);
      const change = {
        name,
        data,
        metadata,
        expiresAt: typeof expires_at === "string" ? new Date(expires_at) : expires_at,
        singleUse: single_use,
        origins,
      };
      const beforeWidening = () => requireFreshProof(parts, caller, request.headers["x-totem-code"]);
      return vault.update(caller, { entry: request.params, change, beforeWidening });
    },
  );

  app.delete(
    "/api/v1/vault/entries/:id",
    {
      config: { access: remove },
      schema: {
        tags,
        summary: "Delete a vault entry and all its secrets",
        params,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await vault.delete(callerOf(request), request.params);
      return reply.status(204).send();
    },
  );

  app.get(
    "/api/v1/vault/entries/:id/code",
    {
      config: { access: codes },
      schema: {
        tags,
        summary: "The code of this moment",
        params,
        querystring: codeQuery,
        response: { 200: serviceCode },
      },
    },
    (request, reply) =>
      vault.issueCode({
        caller: callerOf(request),
        entry: request.params,
        minRemaining: request.query.min_remaining,
        signal: goneSignal(reply),
      }),
  );

  app.post(
    "/api/v1/vault/entries/:id/backup-code",
    {
      config: { access: useUp },
      schema: { tags, summary: "Take one backup code, once", params, response: { 200: backupCode } },
    },
    (request) => vault.takeBackupCode(callerOf(request), request.params),
  );

  app.put(
    "/api/v1/vault/entries/:id/secret",
    {
      config: { access: reset },
      schema: {
        tags,
        summary: "Replace the seed",
        params,
        body: replaceSecretBody,
        response: { 200: storedEntry },
      },
    },
    async (request) => {
      const one = readOneTime(request.body);
      if (!one)
        throw new PluginError("INPUT_INVALID", {
          fields: [{ field: "enrolment", problem: "Send enrolment or one_time." }],
        });
      const { pending } = request.body;
      const replacement = { entry: request.params, oneTime: one.oneTime, pending };
      const entry = await vault.replaceSecret(callerOf(request), replacement);
      return showStored(entry, one);
    },
  );

  app.post(
    "/api/v1/vault/entries/:id/restore-secret",
    {
      config: { access: restore },
      schema: { tags, summary: "Bring the replaced seed back", params, response: { 200: vaultEntry } },
    },
    (request) => {
      // A program that manages an entry stores seeds in it, and gets back none that was replaced.
      if (!managesVault(callerOf(request))) throw new PluginError("FORBIDDEN");
      return vault.restoreSecret(callerOf(request), request.params);
    },
  );

  app.post(
    "/api/v1/vault/entries/:id/confirm",
    {
      config: { access: confirm },
      schema: {
        tags,
        summary: "Confirm a code of a pending entry",
        params,
        body: confirmEntryBody,
        response: { 200: vaultEntry },
      },
    },
    (request) => vault.confirm(callerOf(request), { entry: request.params, code: request.body.code }),
  );
}

const showStored = (entry: VaultEntryBody, one: ReadOneTime | undefined) => ({
  ...entry,
  ...(one?.generated === undefined ? {} : { secret: one.generated }),
  warnings: [...(one?.warnings ?? [])],
});
