import { z } from "zod";
import { addMailboxBody, changeMailboxBody, mailbox, mailboxes } from "../../../plugin/api/inbox.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { InboxRouteParts } from "./inbox-messages.ts";

const read: Access = { may: ["mail:read"], agent: "key" };
const manage: Access = { may: ["mail:manage"] };
const params = z.object({ id: z.uuid() });
const tags = ["inbox"];

export function inboxMailboxRoutes(app: App, { inbox }: InboxRouteParts): void {
  app.get(
    "/api/v1/inbox/mailboxes",
    {
      config: { access: read },
      schema: { tags, summary: "List mailboxes", response: { 200: mailboxes } },
    },
    async (request) => ({ mailboxes: await inbox.listMailboxes(callerOf(request)) }),
  );

  app.post(
    "/api/v1/inbox/mailboxes",
    {
      config: { access: manage },
      schema: {
        tags,
        summary: "Add a mailbox of the workspace",
        body: addMailboxBody,
        response: { 201: mailbox },
      },
    },
    async (request, reply) => {
      const added = await inbox.addMailbox(callerOf(request), request.body.address);
      return reply.status(201).send(added);
    },
  );

  app.patch(
    "/api/v1/inbox/mailboxes/:id",
    {
      config: { access: manage },
      schema: {
        tags,
        summary: "Say who may wait at a mailbox, and whose mail it takes",
        params,
        body: changeMailboxBody,
        response: { 200: mailbox },
      },
    },
    async (request) => inbox.changeMailbox(callerOf(request), { id: request.params.id, ...request.body }),
  );

  app.delete(
    "/api/v1/inbox/mailboxes/:id",
    {
      config: { access: manage },
      schema: {
        tags,
        summary: "Delete a mailbox of the workspace and all in it",
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await inbox.deleteMailbox(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
