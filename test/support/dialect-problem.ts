import { errorCodes } from "../../plugin/error-codes.ts";

/** The APIs in addition to our own. Their errors have their own shape. */
export const isDialect = (path: string): boolean =>
  /^\/(v0|v1|api\/v2|api\/v1\/auth\/token)([/ ]|$)/.test(path);

/** Our code in the error of any of the APIs. One API has no code: its sentence identifies one of ours. */
export const codeIn = (body: { code?: unknown; error?: unknown; detail?: unknown }): unknown => {
  if (typeof body.code === "string") return body.code;
  if (body.detail === undefined || body.error !== undefined) return body.error;
  if (Array.isArray(body.detail)) return "INPUT_INVALID";
  if (body.detail === "Invalid credentials") return "FORBIDDEN";
  return Object.entries(errorCodes).find(([, { message }]) => message === body.detail)?.[0];
};
