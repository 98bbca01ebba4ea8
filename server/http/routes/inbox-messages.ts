import { z } from "zod";
import {
  inboxMessage,
  inboxMessages,
  inboxQuery,
  labelsBody,
  openedMessage,
  reading,
  readingBody,
} from "../../../plugin/api/inbox.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import { hasScope } from "../../access/caller.ts";
import type { Inbox } from "../../inbox/inbox.ts";
import { readMessage } from "../../inbox/reading/read-message.ts";
import { showMessage, showOpened } from "../../inbox/show-message.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface InboxRouteParts {
  readonly inbox: Inbox;
}

const list: Access = { may: ["mail:read", "lists:read"], agent: "key", granted: true, tools: true };
const read: Access = { may: ["mail:read"], agent: "key", lasting: false };
const open: Access = { ...read, granted: true };
const manage: Access = { may: ["mail:manage"], agent: "key", lasting: false };
const label: Access = { ...manage, tools: true };
const params = z.object({ id: z.uuid() });
const tags = ["inbox"];

export function inboxMessageRoutes(app: App, { inbox }: InboxRouteParts): void {
  app.get(
    "/api/v1/inbox/messages",
    {
      config: { access: list },
      schema: {
        tags,
        summary: "List messages, newest first, without what they say",
        querystring: inboxQuery,
        response: { 200: inboxMessages },
      },
    },
    async (request) => {
      const { limit, kind, ...filter } = request.query;
      const found = await inbox.listMessages(callerOf(request), {
        ...filter,
        limit: limit + 1,
        kinds: kind && [kind],
      });
      const page = found.slice(0, limit);
      return {
        messages: page.map(showMessage),
        next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  );

  app.get(
    "/api/v1/inbox/messages/:id",
    {
      config: { access: open },
      schema: { tags, summary: "Open a message; audited", params, response: { 200: openedMessage } },
    },
    async (request) => showOpened(await inbox.openMessage(callerOf(request), request.params.id)),
  );

  app.post(
    "/api/v1/inbox/messages/:id/reread",
    {
      config: { access: manage },
      schema: {
        tags,
        summary: "Read a message once more; what fits a wait is handed out",
        params,
        response: { 200: openedMessage },
      },
    },
    async (request) => {
      // The answer contains the text of the message.
      if (!hasScope(callerOf(request), "mail:read")) throw new PluginError("FORBIDDEN");
      return showOpened(await inbox.rereadMessage(callerOf(request), request.params.id));
    },
  );

  app.patch(
    "/api/v1/inbox/messages/:id",
    {
      config: { access: label },
      schema: {
        tags,
        summary: "Change a message's labels",
        params,
        body: labelsBody,
        response: { 200: inboxMessage },
      },
    },
    async (request) => {
      const { add_labels: add, remove_labels: remove } = request.body;
      const caller = callerOf(request);
      return showMessage(await inbox.labelMessage(caller, { id: request.params.id, add, remove }));
    },
  );

  app.delete(
    "/api/v1/inbox/messages/:id",
    {
      config: { access: label },
      schema: { tags, summary: "Delete a message", params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await inbox.deleteMessage(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );

  app.post(
    "/api/v1/inbox/readings",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "Read a message without storing it",
        body: readingBody,
        response: { 200: reading },
      },
    },
    async (request) => readMessage(request.body),
  );
}
