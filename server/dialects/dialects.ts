import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import type { ErrorCode } from "../../plugin/error-codes.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { App } from "../request/app.ts";
import { recordRefusal } from "../request/errors.ts";
import { dataHeaders } from "../request/reply.ts";
import { type ShapeError, sendInDialect, sentenceOf } from "./dialect-errors.ts";
import { type V0LogParts, v0LogRoutes } from "./v0-logs.ts";
import { type V0MailParts, v0MailRoutes } from "./v0-mail.ts";
import { type V0VaultParts, v0VaultRoutes } from "./v0-vault.ts";
import { type DeliveredCodesV1Parts, deliveredCodesV1Routes, shapeV1Error } from "./v1-delivered-codes.ts";
import { shapeV2Error, type TotpSecretsV2Parts, totpSecretsV2Routes } from "./v2-totp-secrets.ts";

export interface DialectParts
  extends V0VaultParts,
    V0MailParts,
    V0LogParts,
    DeliveredCodesV1Parts,
    TotpSecretsV2Parts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  /** The public APIs this server speaks besides its own. */
  readonly dialects: { readonly v0: boolean; readonly v1: boolean; readonly v2: boolean };
}

interface Dialect {
  readonly isOn: boolean;
  readonly shape: ShapeError;
  readonly register: (app: App, parts: DialectParts) => void;
}

/** Adds the public APIs that agents already use, on the same rooms. Each answers errors in its own shape. */
export async function registerDialects(parts: DialectParts, app: FastifyInstance): Promise<void> {
  const { v0, v1, v2 } = parts.dialects;
  const dialects: readonly Dialect[] = [
    { isOn: v2, shape: shapeV2Error, register: totpSecretsV2Routes },
    { isOn: v1, shape: shapeV1Error, register: deliveredCodesV1Routes },
    { isOn: v0, shape: shapeV0Error, register: v0Routes },
  ];
  for (const { isOn, shape, register } of dialects) {
    if (!isOn) continue;
    await app.register(async (scope) => {
      scope.addHook("onRequest", async (_request, reply) => {
        reply.headers(dataHeaders);
      });
      scope.setErrorHandler(async (error, request, reply) => {
        await recordRefusal(parts, error, request);
        return sendInDialect(shape, error, reply);
      });
      register(scope.withTypeProvider<ZodTypeProvider>() as App, parts);
    });
  }
}

/** `/v0`: what clients of Mailgent and Loomal call. */
function v0Routes(app: App, parts: DialectParts): void {
  v0VaultRoutes(app, parts);
  v0MailRoutes(app, parts);
  v0LogRoutes(app, parts);
}

const words: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  413: "payload_too_large",
  429: "rate_limited",
  502: "bad_gateway",
  503: "unavailable",
};

/** This dialect calls these a bad request, we a conflict: there is nothing to wait for. */
const badRequests = new Set<ErrorCode>([
  "BACKUP_CODES_EXHAUSTED",
  "VAULT_ENTRY_HAS_NO_CODES",
  "VAULT_ENTRY_EXPIRED",
]);

/** `{error, message}`. */
const shapeV0Error: ShapeError = (error) => {
  const status = badRequests.has(error.code) ? 400 : error.status;
  return {
    status,
    body: { error: words[status] ?? "internal_error", message: sentenceOf(error), code: error.code },
  };
};
