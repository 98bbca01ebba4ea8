import { z } from "zod";
import {
  changeLabelsBody,
  mailMessage,
  mailMessageQuery,
  mailMessages,
  mailThreadQuery,
  mailThreads,
  openedThread,
  openThreadQuery,
} from "../../plugin/api/v0-mail.ts";
import { hasScope } from "../access/caller.ts";
import {
  deleteMail,
  labelMail,
  listMailThreads,
  listOpenedMail,
  openMail,
  openMailThread,
} from "../agent-api/mail.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { type App, callerOf } from "../request/app.ts";

/** `/v0/messages` and `/v0/threads`: the mailbox as clients of Mailgent and Loomal read it. */
export interface V0MailParts {
  readonly inbox: Inbox;
}

const params = z.object({ id: z.string().min(1).max(200) });
const tags = ["/v0"];
const read = { may: ["mail:read"], agent: "key" } as const;
const manage = { may: ["mail:manage"], agent: "key", lasting: false } as const;

export function v0MailRoutes(app: App, { inbox }: V0MailParts): void {
  app.get(
    "/v0/messages",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "Messages with their text, newest first; audited",
        querystring: mailMessageQuery,
        response: { 200: mailMessages },
      },
    },
    (request) => listOpenedMail(inbox, callerOf(request), request.query),
  );

  app.get(
    "/v0/messages/:id",
    {
      config: { access: read },
      schema: { tags, summary: "Open a message; audited", params, response: { 200: mailMessage } },
    },
    (request) => openMail(inbox, callerOf(request), request.params.id),
  );

  app.patch(
    "/v0/messages/:id",
    {
      config: { access: manage },
      schema: {
        tags,
        summary: "Change a message's labels",
        params,
        body: changeLabelsBody,
        response: { 200: mailMessage },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const labelled = await labelMail(inbox, caller, { ...request.body, id });
      // Clients take the answer for the message. A caller that may only manage gets it without its text.
      return hasScope(caller, "mail:read")
        ? openMail(inbox, caller, id)
        : { ...labelled, cc: [], text: null, extractedText: null };
    },
  );

  app.delete(
    "/v0/messages/:id",
    {
      config: { access: manage },
      schema: { tags, summary: "Delete a message", params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      await deleteMail(inbox, callerOf(request), request.params.id);
      return reply.status(204).send();
    },
  );

  app.get(
    "/v0/threads",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "Threads without their text, those with the newest message first",
        querystring: mailThreadQuery,
        response: { 200: mailThreads },
      },
    },
    (request) => listMailThreads(inbox, callerOf(request), request.query),
  );

  app.get(
    "/v0/threads/:id",
    {
      config: { access: read },
      schema: {
        tags,
        summary: "Open a thread with its messages, oldest first; audited",
        params,
        querystring: openThreadQuery,
        response: { 200: openedThread },
      },
    },
    (request) => openMailThread(inbox, callerOf(request), { ...request.query, ...request.params }),
  );
}
