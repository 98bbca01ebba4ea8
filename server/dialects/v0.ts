import type { ErrorCode } from "../../plugin/error-codes.ts";
import type { App } from "../request/app.ts";
import { type ShapeError, sentenceOf } from "./dialect-errors.ts";
import { type V0LogParts, v0LogRoutes } from "./v0-logs.ts";
import { type V0MailParts, v0MailRoutes } from "./v0-mail.ts";
import { type V0VaultParts, v0VaultRoutes } from "./v0-vault.ts";

export interface V0Parts extends V0VaultParts, V0MailParts, V0LogParts {}

/** `/v0`: what clients of Mailgent and Loomal call. */
export function v0Routes(app: App, parts: V0Parts): void {
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
export const shapeV0Error: ShapeError = (error) => {
  const status = badRequests.has(error.code) ? 400 : error.status;
  return {
    status,
    body: { error: words[status] ?? "internal_error", message: sentenceOf(error), code: error.code },
  };
};
