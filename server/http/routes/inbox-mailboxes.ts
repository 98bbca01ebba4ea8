import { z } from "zod";
import { addMailboxBody, changeMailboxBody, mailbox, mailboxes } from "../../../plugin/api/inbox.ts";
import { secondOpinion, secondOpinionBody } from "../../../plugin/api/inbox-sources.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { InboxRouteParts } from "./inbox-messages.ts";

const read: Access = { may: ["mail:read", "lists:read"], agent: "key", granted: true, tools: true };
const manage: Access = { may: ["mail:manage"] };
/** Says who may read it, and whose mail it takes. */
const open: Access = { ...manage, fresh: true };
const readOpinion: Access = { may: ["settings:manage", "mail:manage", "lists:read"] };
const chooseOpinion: Access = { may: ["settings:manage"], fresh: true };
const params = z.object({ id: z.uuid() });
const tags = ["inbox"];

export function inboxMailboxRoutes(app: App, { inbox }: InboxRouteParts): void {
  app.get(
    "/api/v1/inbox/mailboxes",
    {
      config: { access: read },
      schema: { tags, summary: "List mailboxes", response: { 200: mailboxes } },
    },
    async (request) => {
      const caller = callerOf(request);
      // An agent reads its own mailbox, and no list of people.
      const people = caller.kind === "agent_user" ? [] : await inbox.listReaders(caller);
      return { mailboxes: await inbox.listMailboxes(caller), people };
    },
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
      config: { access: open },
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

export function inboxSecondOpinionRoutes(app: App, { inbox }: InboxRouteParts): void {
  app.get(
    "/api/v1/inbox/second-opinion",
    {
      config: { access: readOpinion },
      schema: {
        tags,
        summary: "The model that is asked about messages without a clear code",
        response: { 200: secondOpinion },
      },
    },
    async (request) => ({ model: await inbox.findSecondOpinion(callerOf(request).workspaceId) }),
  );

  app.put(
    "/api/v1/inbox/second-opinion",
    {
      config: { access: chooseOpinion },
      schema: {
        tags,
        summary: "Choose that model, or null for none",
        description:
          "Off unless chosen: messages leave this server for the model's provider. What it says counts only where it stands in the message.",
        body: secondOpinionBody,
        response: { 200: secondOpinion },
      },
    },
    async (request) => {
      await inbox.setSecondOpinion(callerOf(request), request.body.model);
      return request.body;
    },
  );
}
