import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { App } from "../../request/app.ts";
import { dataHeaders } from "../../request/errors.ts";
import { type DeliveredCodesV1Parts, deliveredCodesV1Routes, shapeV1Error } from "./delivered-codes-v1.ts";
import { type ShapeError, sendInDialect } from "./dialect-errors.ts";
import { shapeV2Error, type TotpSecretsV2Parts, totpSecretsV2Routes } from "./totp-secrets-v2.ts";
import { shapeV0Error } from "./v0-error.ts";
import { type V0LogParts, v0LogRoutes } from "./v0-logs.ts";
import { type V0MailParts, v0MailRoutes } from "./v0-mail.ts";
import { type V0VaultParts, v0VaultRoutes } from "./v0-vault.ts";

export interface DialectParts
  extends TotpSecretsV2Parts,
    DeliveredCodesV1Parts,
    V0VaultParts,
    V0MailParts,
    V0LogParts {
  /** Which of the public APIs this server speaks besides its own. */
  readonly dialects: { readonly v0: boolean; readonly v1: boolean; readonly v2: boolean };
}

interface Dialect {
  readonly isOn: boolean;
  readonly shape: ShapeError;
  readonly register: readonly ((app: App) => void)[];
}

/** The public APIs that agents already use, on the same rooms; each answers errors in its own shape. */
export async function registerDialects(
  app: FastifyInstance,
  parts: DialectParts,
  recordRefusal: (error: unknown, request: FastifyRequest) => Promise<void>,
): Promise<void> {
  const dialects: readonly Dialect[] = [
    {
      isOn: parts.dialects.v2,
      shape: shapeV2Error,
      register: [(api) => totpSecretsV2Routes(api, parts)],
    },
    {
      isOn: parts.dialects.v1,
      shape: shapeV1Error,
      register: [(api) => deliveredCodesV1Routes(api, parts)],
    },
    {
      isOn: parts.dialects.v0,
      shape: shapeV0Error,
      register: [
        (api) => v0VaultRoutes(api, parts),
        (api) => v0MailRoutes(api, parts),
        (api) => v0LogRoutes(api, parts),
      ],
    },
  ];
  for (const { isOn, shape, register } of dialects) {
    if (!isOn) continue;
    const send = sendInDialect(shape);
    await app.register(async (scope) => {
      scope.addHook("onRequest", async (_request, reply) => {
        reply.headers(dataHeaders);
      });
      scope.setErrorHandler(async (error, request, reply) => {
        await recordRefusal(error, request);
        return send(error, request, reply);
      });
      const api = scope.withTypeProvider<ZodTypeProvider>() as App;
      for (const add of register) add(api);
    });
  }
}
