import { z } from "zod";
import { plainText } from "../../plugin/plain-text.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Access } from "../access/authorize.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { ListedMessage } from "../inbox/list-messages.ts";
import { type App, callerOf } from "../request/app.ts";
import type { ShapeError } from "./dialect-errors.ts";

/** `/v1/credentials/totp`: Skyvern's way to push a delivered code, and to poll for it. */
export interface DeliveredCodesV1Parts {
  readonly inbox: Inbox;
}

const keyHeaders = ["x-api-key"];
const push: Access = { may: ["mail:manage"], agent: "key", keyHeaders, lasting: false };
const poll: Access = { may: ["mail:read", "codes:read"], agent: "key", keyHeaders };
const tags = ["/v1/credentials/totp"];

const optional = (longest: number) =>
  plainText(longest)
    .nullish()
    .transform((value) => value ?? undefined);
const otpType = z.enum(["totp", "magic_link"]);

const pushBody = z.object({
  totp_identifier: plainText(320).refine((value) => value.trim() !== "", "Must not be empty."),
  content: plainText(1_000_000).refine((value) => value.trim() !== "", "Must not be empty."),
  task_id: optional(200),
  workflow_id: optional(200),
  workflow_run_id: optional(200),
  source: optional(200),
  expired_at: z.iso
    .datetime({ offset: true, local: true })
    .refine((time) => /^(19|2\d)\d\d-/.test(time), "Must be between the years 1900 and 2999.")
    .nullish()
    .transform((value) => value ?? undefined),
  type: otpType.nullish().transform((value) => value ?? undefined),
});

const totpCode = z.object({
  totp_code_id: z.string(),
  totp_identifier: z.string(),
  organization_id: z.string(),
  code: z.string(),
  content: z.string(),
  task_id: z.string().nullable(),
  workflow_id: z.string().nullable(),
  workflow_run_id: z.string().nullable(),
  source: z.string().nullable(),
  type: otpType.nullable(),
  otp_type: otpType.nullable(),
  expired_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  modified_at: z.iso.datetime(),
  status: z.literal("raw_pending").optional(),
});

const query = z.object({
  totp_identifier: plainText(320).optional(),
  workflow_run_id: plainText(200).optional(),
  otp_type: otpType.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const kindOf = { totp: "code", magic_link: "link" } as const;
const typeOf = (kind: ListedMessage["kind"]): z.output<typeof otpType> | null =>
  kind === "code" ? "totp" : kind === "link" ? "magic_link" : null;

const asTime = (value: string): Date => new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);

/** `{detail}`: a sentence, or for a body that is not as it should be a list that never repeats it. */
export const shapeV1Error: ShapeError = (error) => {
  if (error.code === "UNAUTHENTICATED" || error.code === "FORBIDDEN")
    return { status: 403, body: { detail: "Invalid credentials" } };
  if (error.code === "INPUT_INVALID" || error.code === "BODY_TOO_LARGE") {
    const fields = error.fields?.length ? error.fields : [{ field: "body", problem: error.message }];
    const detail = fields.map(({ field, problem }) => ({
      loc: locationOf(field),
      msg: problem,
      type: "value_error",
    }));
    return { status: 422, body: { detail } };
  }
  return { status: error.status, body: { detail: error.message } };
};

const locationOf = (field: string): (string | number)[] => {
  const parts = field.split(".");
  return ["body", "query", "path"].includes(parts[0] ?? "") ? parts : ["body", ...parts];
};

const toTotpCode = (message: ListedMessage, { code, content }: { code: string; content: string }) => ({
  totp_code_id: message.id,
  totp_identifier: message.address,
  code,
  content,
  task_id: message.task_id,
  workflow_id: message.workflow_id,
  workflow_run_id: message.run_id,
  source: message.source,
  type: null,
  otp_type: typeOf(message.kind),
  expired_at: message.expires_at.toISOString(),
  created_at: message.received_at.toISOString(),
  modified_at: message.modified_at.toISOString(),
});

export function deliveredCodesV1Routes(app: App, { inbox }: DeliveredCodesV1Parts): void {
  for (const path of ["/v1/credentials/totp", "/v1/credentials/totp/"]) {
    app.post(
      path,
      {
        config: { access: push },
        schema: {
          tags,
          summary: "Deliver a code, or the message it is in",
          hide: path.endsWith("/"),
          body: pushBody,
          response: { 200: totpCode },
        },
      },
      async (request) => {
        const { body } = request;
        const caller = callerOf(request);
        await inbox.requireKnownIds(caller.workspaceId, {
          runId: body.workflow_run_id,
          workflowId: body.workflow_id,
        });
        const result = await inbox.receive(caller, {
          address: body.totp_identifier,
          channel: "api",
          from: "",
          text: body.content,
          runId: body.workflow_run_id,
          workflowId: body.workflow_id,
          taskId: body.task_id,
          source: body.source,
          expiresAt: body.expired_at === undefined ? undefined : asTime(body.expired_at),
          type: body.type && kindOf[body.type],
        });
        if (result.state === "refused")
          throw new PluginError("INPUT_INVALID", {
            fields: [
              { field: "totp_identifier", problem: "This address takes mail of listed senders only." },
            ],
          });
        if (result.state === "unknown-address") throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
        const message = await inbox.findDelivered(caller.workspaceId, result.id);
        const single = message.kind === "code" || message.kind === "link";
        const code = single ? (message.head?.found[0]?.value ?? "") : "";
        return {
          ...toTotpCode(message, { code, content: body.content }),
          type: body.type ?? null,
          expired_at: body.expired_at === undefined ? null : asTime(body.expired_at).toISOString(),
          organization_id: caller.workspaceId,
          ...(code === "" ? { status: "raw_pending" as const } : {}),
        };
      },
    );

    app.get(
      path,
      {
        // A request for the head alone would use up codes that it does not show.
        exposeHeadRoute: false,
        config: { access: poll },
        schema: {
          tags,
          summary: "Delivered codes, newest first; each is handed to one caller once",
          hide: path.endsWith("/"),
          querystring: query,
          response: { 200: z.array(totpCode) },
        },
      },
      async (request) => {
        const caller = callerOf(request);
        const { limit, totp_identifier, workflow_run_id, otp_type } = request.query;
        const taken = await inbox.takeCodes(caller, {
          limit,
          address: totp_identifier,
          runId: workflow_run_id,
          kinds: otp_type && [kindOf[otp_type]],
        });
        return taken.map((message) => ({
          ...toTotpCode(message, { code: message.value ?? "", content: "" }),
          organization_id: caller.workspaceId,
        }));
      },
    );
  }
}
