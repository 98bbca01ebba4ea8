import { z } from "zod";
import {
  addTotpBody,
  credential,
  credentialCode,
  credentialList,
  credentialName,
  openedCredential,
  putCredentialBody,
} from "../../plugin/api/v0.ts";
import { backupCode } from "../../plugin/api/vault.ts";
import {
  addTotpCredential,
  issueCredentialCode,
  listCredentials,
  openCredential,
  putCredential,
} from "../agent-api/credentials.ts";
import { type App, callerOf } from "../request/app.ts";
import { goneSignal } from "../request/reply.ts";
import type { Vault } from "../vault/vault.ts";

/** `/v0/vault`: what clients of Mailgent and Loomal call. */
export interface V0VaultParts {
  readonly vault: Vault;
}

const params = z.object({ name: credentialName });
const tags = ["/v0"];
const read = { may: ["vault:read"], agent: "key" } as const;
const write = { may: ["vault:write"], agent: "key", lasting: false } as const;
/** For a person's cookie the same second look as in our own API: data, a seed that is replaced, a backup code. */
const open = { ...read, may: ["vault:open"], fresh: true } as const;
const replace = { ...write, fresh: true } as const;
const codes = { may: ["vault:read", "codes:read"], agent: "key" } as const;
const useUp = { ...codes, may: ["vault:backup"], fresh: true, lasting: true } as const;
const remove = { ...write, may: ["vault:delete"] } as const;

export function v0VaultRoutes(app: App, { vault }: V0VaultParts): void {
  app.get(
    "/v0/vault",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "List credentials, without their secrets",
        response: { 200: credentialList },
      },
    },
    (request) => listCredentials(vault, callerOf(request)),
  );

  app.post(
    "/v0/vault",
    {
      config: { access: replace },
      schema: { tags, summary: "Store a second factor", body: addTotpBody, response: { 200: credential } },
    },
    (request) => addTotpCredential(vault, callerOf(request), request.body),
  );

  app.put(
    "/v0/vault/:name",
    {
      config: { access: replace },
      schema: {
        tags,
        summary: "Store or replace a credential",
        params,
        body: putCredentialBody,
        response: { 200: credential },
      },
    },
    (request) => putCredential(vault, callerOf(request), { ...request.body, ...request.params }),
  );

  app.get(
    "/v0/vault/:name",
    {
      config: { access: open },
      schema: {
        tags,
        summary: "Open a credential; never its seed",
        params,
        response: { 200: openedCredential },
      },
    },
    (request) => openCredential(vault, callerOf(request), request.params.name),
  );

  app.delete(
    "/v0/vault/:name",
    {
      config: { access: remove },
      schema: { tags, summary: "Delete a credential", params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await vault.delete(callerOf(request), request.params);
      return reply.status(204).send();
    },
  );

  app.get(
    "/v0/vault/:name/totp",
    {
      config: { access: codes },
      schema: { tags, summary: "The code of this moment", params, response: { 200: credentialCode } },
    },
    (request, reply) =>
      issueCredentialCode(vault, callerOf(request), {
        ...request.params,
        minRemaining: 0,
        signal: goneSignal(reply),
      }),
  );

  app.post(
    "/v0/vault/:name/totp/backup",
    {
      config: { access: useUp },
      schema: { tags, summary: "Take one backup code, once", params, response: { 200: backupCode } },
    },
    (request) => vault.takeBackupCode(callerOf(request), request.params),
  );
}
