import type { FastifyError, FastifyRequest } from "fastify";
import { isResponseSerializationError } from "fastify-type-provider-zod";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import { auditRefusal } from "../access/authorize.ts";
import { isDatabaseAway } from "../database/is-database-away.ts";
import { asUnstorableText } from "../redaction/storable-text.ts";

/** Turns any thrown value into one of our coded errors. */
export function toPluginError(error: unknown): PluginError {
  if (error instanceof PluginError) return error;
  const code = (error as Partial<FastifyError>)?.code;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new PluginError("BODY_TOO_LARGE");
  if (error instanceof Error && isResponseSerializationError(error))
    return new PluginError("INTERNAL", { cause: error });
  if (typeof code === "string" && code.startsWith("FST_ERR_CTP")) {
    return new PluginError("INPUT_INVALID", {
      message: "Send a JSON body with content-type application/json.",
      fields: [{ field: "body", problem: "Not readable as JSON." }],
    });
  }
  const unstorable = asUnstorableText(error);
  if (unstorable) return unstorable;
  const status = (error as Partial<FastifyError>)?.statusCode;
  if (status === 400)
    return new PluginError("INPUT_INVALID", {
      message: "The request cannot be read.",
      fields: [{ field: "body", problem: "Not readable as JSON." }],
    });
  // What the static files refuse, such as a path that climbs out of their folder, and a parameter longer than
  // any of ours: both do not exist.
  if (status === 404 || status === 403 || status === 414) return new PluginError("NOT_FOUND");
  return isDatabaseAway(error)
    ? new PluginError("DATABASE_UNAVAILABLE", { cause: error })
    : asPluginError(error);
}

/** Writes a refusal of a known caller to the audit log, with the route's pattern instead of the address. */
export async function recordRefusal(
  parts: Parameters<typeof auditRefusal>[0],
  error: unknown,
  request: FastifyRequest,
): Promise<void> {
  const { caller } = request;
  if (!caller || !(error instanceof PluginError) || error.code !== "FORBIDDEN") return;
  const subject = { kind: "route", id: `${request.method} ${request.routeOptions.url ?? ""}` };
  await auditRefusal(parts, caller, { subject, reason: "forbidden" }).catch((cause: unknown) =>
    request.log.error({ err: cause, request: request.id }, "a refusal was not recorded"),
  );
}
