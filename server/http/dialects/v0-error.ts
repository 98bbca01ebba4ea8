import type { ErrorCode } from "../../../plugin/error-codes.ts";
import { type ShapeError, sentenceOf } from "./dialect-errors.ts";

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

/** What this dialect calls a bad request and we a conflict: there is nothing to wait for. */
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
