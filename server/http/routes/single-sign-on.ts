import { z } from "zod";
import {
  changeSingleSignOnBody,
  finishSingleSignOnBody,
  singleSignOn as shape,
  singleSignOnReturn,
  startedSingleSignOn,
  startSingleSignOnBody,
} from "../../../plugin/api/people.ts";
import type { Access } from "../../access/authorize.ts";
import type { People } from "../../people/people.ts";
import type { SingleSignOn } from "../../people/single-sign-on.ts";
import { type App, callerOf } from "../../request/app.ts";
import { answerSignedIn, deviceOf } from "../session-cookies.ts";

export interface SingleSignOnRouteParts {
  readonly singleSignOn: SingleSignOn;
  readonly people: People;
}

const read: Access = { may: ["settings:manage"] };
/** Who sets the provider decides who comes in as whom, up to administrators: a key for settings is not enough. */
const change: Access = { may: ["admin"], fresh: true, lasting: true };
const open: Access = { may: "public" };
/** The provider's page leads there. */
const wayBack: Access = { may: "public", opened: true };
/** Each asks the provider. */
const rateLimit = { max: 60 };

export function singleSignOnRoutes(app: App, { singleSignOn, people }: SingleSignOnRouteParts): void {
  const settings = "/api/v1/settings/single-sign-on";
  const tags = ["settings"];
  app.get(
    settings,
    {
      config: { access: read },
      schema: { tags, summary: "The OpenID Connect provider", response: { 200: shape } },
    },
    (request) => singleSignOn.read(callerOf(request)),
  );
  app.put(
    settings,
    {
      config: { access: change, rateLimit },
      schema: {
        tags,
        summary: "Set the OpenID Connect provider",
        description:
          "The provider is asked for its document first; nothing is stored if it does not fit. A changed issuer drops the stored secret. Only an owner may let a group be owner.",
        body: changeSingleSignOnBody,
        response: { 200: shape },
      },
    },
    (request) => singleSignOn.change(callerOf(request), request.body),
  );
  app.delete(
    settings,
    {
      config: { access: change },
      schema: { tags, summary: "Remove the OpenID Connect provider", response: { 204: z.null() } },
    },
    async (request, reply) => {
      await singleSignOn.remove(callerOf(request));
      return reply.status(204).send(null);
    },
  );
  signInRoutes(app, { singleSignOn, people });
}

function signInRoutes(app: App, { singleSignOn, people }: SingleSignOnRouteParts): void {
  const url = "/api/v1/people/auth/single-sign-on";
  const tags = ["people"];
  const security: [] = [];
  app.post(
    url,
    {
      config: { access: open, rateLimit },
      schema: {
        tags,
        summary: "Begin to sign in at the provider",
        description:
          "The page sends its proof in the header x-totem-proof and goes to the address of the answer. Only the page with the same proof can finish.",
        body: startSingleSignOnBody,
        response: { 200: startedSingleSignOn },
        security,
      },
    },
    (request) =>
      singleSignOn.start({
        workspaceId: request.body.workspace_id,
        proofHash: deviceOf(request).proofHash,
        origin: request.headers.origin,
      }),
  );
  app.get(
    `${url}/callback`,
    {
      config: { access: wayBack },
      schema: {
        tags,
        summary: "Where the provider sends the browser back to",
        description:
          "Changes nothing. What the provider sent goes on behind the # of the studio's address, which no server and no other page sees.",
        querystring: z.object({
          // A browser is here: whatever came, it goes on to the studio.
          state: z.string().optional().catch(undefined),
          code: z.string().optional().catch(undefined),
          iss: z.string().optional().catch(undefined),
        }),
        response: { 302: z.null() },
        security,
      },
    },
    async (request, reply) => {
      const returned = finishSingleSignOnBody.safeParse(request.query);
      // The provider's own words are not shown.
      const next = returned.success
        ? `${singleSignOnReturn}${new URLSearchParams(returned.data).toString()}`
        : "sign-in-error=SINGLE_SIGN_ON_REFUSED";
      return reply.status(302).header("location", `/#${next}`).send(null);
    },
  );
  app.post(
    `${url}/finish`,
    {
      config: { access: open, rateLimit },
      schema: {
        tags,
        summary: "Sign in with what the provider sent back, once",
        body: finishSingleSignOnBody,
        response: { 204: z.null() },
        security,
      },
    },
    async (request, reply) => {
      const opened = await singleSignOn.finish(request.body, deviceOf(request));
      return answerSignedIn(people, { request, reply, opened });
    },
  );
}
