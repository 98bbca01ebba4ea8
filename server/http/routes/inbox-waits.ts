import { z } from "zod";
import {
  answerWaitBody,
  codeWaits,
  deliveredCode,
  openedWait,
  waitForCodeBody,
} from "../../../plugin/api/inbox.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import { goneSignal } from "../../request/reply.ts";
import type { InboxRouteParts } from "./inbox-messages.ts";

const codes: Access = { may: ["codes:read", "mail:read"], agent: "key", granted: true, lasting: false };
const list: Access = { may: ["mail:read", "lists:read"], granted: true };
const read: Access = { may: ["mail:read"], granted: true };
const manage: Access = { may: ["mail:manage"], lasting: false };
const params = z.object({ id: z.uuid() });
const tags = ["inbox"];

export function inboxWaitRoutes(app: App, { inbox }: InboxRouteParts): void {
  app.post(
    "/api/v1/inbox/wait",
    {
      config: { access: codes },
      schema: {
        tags,
        summary: "Wait for a delivered code; it is given once",
        body: waitForCodeBody,
        response: { 200: deliveredCode },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const answer = await inbox.waitForCode(
        {
          caller: callerOf(request),
          address: body.address,
          sender: body.sender,
          service: body.service,
          forRun: body.run_id,
          type: body.type,
          lookBackSeconds: body.look_back_seconds,
          timeoutSeconds: body.timeout_seconds,
        },
        { signal: goneSignal(reply) },
      );
      const { kind, value, serverTime } = answer;
      return {
        kind,
        code: kind === "code" ? value : null,
        link: kind === "link" ? value : null,
        sender_host: answer.senderHost,
        received_at: answer.receivedAt,
        expires_in: Math.max(0, Math.floor((Date.parse(answer.expiresAt) - serverTime.getTime()) / 1000)),
        server_time: serverTime.toISOString(),
      };
    },
  );

  app.get(
    "/api/v1/inbox/waits",
    {
      config: { access: list },
      schema: {
        tags,
        summary: "Who waits for a code, and who did in the last hour",
        querystring: z.object({ run_id: z.uuid().optional() }),
        response: { 200: codeWaits },
      },
    },
    async (request) => {
      return { waits: await inbox.listWaits(callerOf(request), { runId: request.query.run_id }) };
    },
  );

  app.get(
    "/api/v1/inbox/waits/:id",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "A wait and what could be meant; audited",
        params,
        response: { 200: openedWait },
      },
    },
    async (request) => inbox.openWait(callerOf(request), request.params.id),
  );

  app.post(
    "/api/v1/inbox/waits/:id/answer",
    {
      config: { access: manage },
      schema: {
        tags,
        summary: "Give a wait one of its candidates, or a code by hand",
        params,
        body: answerWaitBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { body } = request;
      const answer = "code" in body ? body : { messageId: body.message_id, value: body.value };
      await inbox.answerByHand(callerOf(request), { id, ...answer });
      return reply.status(204).send(null);
    },
  );

  app.delete(
    "/api/v1/inbox/waits/:id",
    {
      config: { access: manage },
      schema: { tags, summary: "End a wait", params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await inbox.cancelWait(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
