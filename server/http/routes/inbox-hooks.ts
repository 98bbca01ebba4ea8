import type { FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { hookAnswer } from "../../../plugin/api/inbox-sources.ts";
import type { Access } from "../../access/authorize.ts";
import type { OwnAddresses } from "../../agent-api/account.ts";
import type { App } from "../../request/app.ts";
import type { InboxRouteParts } from "./inbox-messages.ts";

export interface InboxHookRouteParts extends InboxRouteParts {
  /** The address people and programs reach this server at; known once the port is. */
  readonly addresses: OwnAddresses;
}

/** A provider has no key of ours: its signature says who it is. */
const signed: Access = { may: "public", anyName: true };
const params = z.object({ sourceId: z.string().max(100) });
const bodyLimit = 1024 * 1024;
const form = "application/x-www-form-urlencoded";
const tags = ["hooks"];

const headerOf = (request: FastifyRequest, name: string): string => {
  const sent = request.headers[name];
  return typeof sent === "string" ? sent : "";
};
/** None at all is an empty one. */
const bodyOf = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

/** The addresses where providers deliver messages. Bodies stay unchanged, because the signature is over them. */
export function inboxHookRoutes(app: App, { inbox: { sources }, addresses }: InboxHookRouteParts): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(["application/json", form], { parseAs: "buffer" }, (_request, body, done) =>
      done(null, body),
    );
    const hooks = scope.withTypeProvider<ZodTypeProvider>();

    hooks.post(
      "/hooks/sms/:sourceId",
      {
        config: { access: signed },
        bodyLimit,
        schema: { tags, summary: "Bring an SMS, as Twilio sends and signs it", params },
      },
      async (request, reply) => {
        const [path = "", ...query] = request.raw.url?.split("?") ?? [];
        await sources.receiveSms({
          sourceId: request.params.sourceId,
          signature: headerOf(request, "x-twilio-signature"),
          url: `${addresses.apiBaseUrl}${path}`,
          query: query.length > 0 ? `?${query.join("?")}` : "",
          isForm: headerOf(request, "content-type").toLowerCase().startsWith(form),
          body: bodyOf(request),
          ip: request.ip,
        });
        return reply.type("text/xml").send("<Response/>");
      },
    );

    hooks.post(
      "/hooks/inbox/:sourceId",
      {
        config: { access: signed },
        bodyLimit,
        schema: {
          tags,
          summary: "Bring a message, signed with the source's secret",
          description:
            "x-totem-timestamp: seconds since 1970. x-totem-signature: v1= and HMAC-SHA256 in hex over the timestamp, a dot and the body.",
          params,
          response: { 202: hookAnswer },
        },
      },
      async (request, reply) =>
        reply.status(202).send({
          state: await sources.receiveWebhook({
            sourceId: request.params.sourceId,
            timestamp: headerOf(request, "x-totem-timestamp"),
            signature: headerOf(request, "x-totem-signature"),
            body: bodyOf(request),
            ip: request.ip,
          }),
        }),
    );
  });
}
