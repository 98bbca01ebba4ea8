import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { App } from "../request/app.ts";
import { recordRefusal } from "../request/errors.ts";
import { dataHeaders } from "../request/reply.ts";
import { type ShapeError, sendInDialect } from "./dialect-errors.ts";
import { shapeV0Error, type V0Parts, v0Routes } from "./v0.ts";
import { type DeliveredCodesV1Parts, deliveredCodesV1Routes, shapeV1Error } from "./v1-delivered-codes.ts";
import { shapeV2Error, type TotpSecretsV2Parts, totpSecretsV2Routes } from "./v2-totp-secrets.ts";

export interface DialectParts extends V0Parts, DeliveredCodesV1Parts, TotpSecretsV2Parts {
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
