import { z } from "zod";
import {
  approval,
  approvalLinkBody,
  approvalWebhook,
  approvalWebhookBody,
} from "../../../plugin/api/approvals.ts";
import { type Access, ownOfPerson } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { ApprovalRouteParts } from "./approvals.ts";

const read: Access = { may: ["settings:manage"] };
const change: Access = { may: ["settings:manage"], fresh: true, lasting: true };

/** The webhook that questions are sent to, and the link that they bring. */
export function approvalWebhookRoutes(app: App, { approvals }: ApprovalRouteParts): void {
  const url = "/api/v1/settings/approval-webhook";
  const tags = ["settings"];
  app.get(
    url,
    {
      config: { access: read },
      schema: { tags, summary: "Where questions to people are sent", response: { 200: approvalWebhook } },
    },
    (request) => approvals.readWebhook(callerOf(request)),
  );
  app.put(
    url,
    {
      config: { access: change },
      schema: {
        tags,
        summary: "Send questions to people to a webhook",
        description: "In the shape of Slack’s incoming webhooks. TOTEM_ALLOWED_URLS must name the address.",
        body: approvalWebhookBody,
        response: { 200: approvalWebhook },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      await approvals.setWebhook(caller, request.body.url);
      return approvals.readWebhook(caller);
    },
  );
  app.delete(
    url,
    {
      config: { access: change },
      schema: { tags, summary: "Remove the webhook", response: { 200: approvalWebhook } },
    },
    async (request) => {
      const caller = callerOf(request);
      await approvals.setWebhook(caller, null);
      return approvals.readWebhook(caller);
    },
  );
  app.post(
    `${url}/test`,
    {
      config: { access: read, rateLimit: { max: 20 } },
      schema: { tags, summary: "Send a test to the webhook", response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await approvals.testWebhook(callerOf(request));
      return reply.status(204).send();
    },
  );
  app.post(
    "/api/v1/approvals/link",
    {
      config: { access: ownOfPerson },
      schema: {
        tags: ["approvals"],
        summary: "The question that a signed link means",
        body: approvalLinkBody,
        response: { 200: approval },
      },
    },
    (request) => approvals.openLink(callerOf(request), request.body.token),
  );
}
