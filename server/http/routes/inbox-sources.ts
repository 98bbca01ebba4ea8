import { z } from "zod";
import {
  changeSourceBody,
  createdSource,
  createSourceBody,
  type InboxSourceBody,
  inboxSource,
  inboxSources,
} from "../../../plugin/api/inbox-sources.ts";
import type { Access } from "../../access/authorize.ts";
import type { ListedSource } from "../../inbox/sources/manage-sources.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { InboxHookRouteParts } from "./inbox-hooks.ts";

const list: Access = { may: ["mail:manage", "lists:read"] };
const manage: Access = { may: ["mail:manage"] };
/** A source brings messages in, and its secret is a key. */
const open: Access = { ...manage, fresh: true, lasting: true };
const params = z.object({ id: z.uuid() });
const tags = ["inbox"];

export function inboxSourceRoutes(app: App, { inbox: { sources }, addresses }: InboxHookRouteParts): void {
  const toBody = ({ disabled_at, created_at, last_used_at, ...source }: ListedSource): InboxSourceBody => ({
    ...source,
    hook_url: hookUrl(source, addresses.apiBaseUrl),
    disabled: disabled_at !== null,
    created_at: created_at.toISOString(),
    last_used_at: last_used_at?.toISOString() ?? null,
  });

  app.get(
    "/api/v1/inbox/sources",
    {
      config: { access: list },
      schema: { tags, summary: "List sources of messages, without secrets", response: { 200: inboxSources } },
    },
    async (request) => ({ sources: (await sources.list(callerOf(request))).map(toBody) }),
  );

  app.post(
    "/api/v1/inbox/sources",
    {
      config: { access: open },
      schema: {
        tags,
        summary: "Add a source of messages; a secret that is made here is shown once",
        body: createSourceBody,
        response: { 201: createdSource },
      },
    },
    async (request, reply) => {
      const { source, secret } = await sources.add(callerOf(request), request.body);
      return reply.status(201).send({ ...toBody(source), secret });
    },
  );

  app.patch(
    "/api/v1/inbox/sources/:id",
    {
      config: { access: open },
      schema: {
        tags,
        summary: "Switch a source off or on, or say where its messages go",
        params,
        body: changeSourceBody,
        response: { 200: inboxSource },
      },
    },
    async (request) =>
      toBody(await sources.change(callerOf(request), { id: request.params.id, ...request.body })),
  );

  app.delete(
    "/api/v1/inbox/sources/:id",
    {
      config: { access: manage },
      schema: {
        tags,
        summary: "Delete a source; what it brought stays",
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await sources.delete(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}

/** The address that its provider calls; a source that is asked has none. */
function hookUrl(
  { kind, id, url }: Pick<ListedSource, "kind" | "id" | "url">,
  apiBaseUrl: string,
): string | null {
  if (kind === "pull") return null;
  return kind === "twilio" ? (url ?? `${apiBaseUrl}/hooks/sms/${id}`) : `${apiBaseUrl}/hooks/inbox/${id}`;
}
