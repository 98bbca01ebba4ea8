import { z } from "zod";
import {
  passwordSignInBody,
  signInWays,
  webauthnAnswerBody,
  webauthnOptions,
} from "../../../plugin/api/people.ts";
import type { Access } from "../../access/authorize.ts";
import type { People } from "../../people/people.ts";
import type { App } from "../../request/app.ts";
import { answerSignedIn, deviceMarkOf, deviceOf } from "../session-cookies.ts";

export interface PeopleRouteParts {
  readonly people: People;
}

const open: Access = { may: "public" };
const tags = ["people"];
const security: [] = [];
// No person signs in more often, and every refusal is a row in the audit log.
const slow = { max: 60 };
const proofNeeded =
  "Send a proof of your choice, 32 random bytes in base64url, in the header x-totem-proof: the session needs it with every request.";

/** The ways in. Each answers the cookie of a new session, which needs the x-totem-proof of its page. */
export function peopleSignInRoutes(app: App, { people }: PeopleRouteParts): void {
  app.get(
    "/api/v1/people/ways",
    {
      config: { access: open },
      schema: { tags, summary: "How people can sign in here", response: { 200: signInWays }, security },
    },
    () => people.readWays(),
  );

  app.post(
    "/api/v1/people/auth/passkey/options",
    {
      config: { access: open, rateLimit: slow },
      schema: {
        tags,
        summary: "Ask for a passkey to sign in with",
        description:
          "For `PublicKeyCredential.parseRequestOptionsFromJSON`. Answered within 5 minutes, once.",
        response: { 200: webauthnOptions },
        security,
      },
    },
    async (request) => ({ options: { ...(await people.passkeySignInOptions(request.headers.host)) } }),
  );
  app.post(
    "/api/v1/people/auth/passkey",
    {
      config: { access: open, rateLimit: slow },
      schema: {
        tags,
        summary: "Sign in with a passkey",
        description: proofNeeded,
        body: webauthnAnswerBody,
        response: { 204: z.null() },
        security,
      },
    },
    async (request, reply) => {
      const { response } = request.body;
      const { host } = request.headers;
      const opened = await people.signInByPasskey({ response, host, device: deviceOf(request) });
      return answerSignedIn(people, { request, reply, opened });
    },
  );
  app.post(
    "/api/v1/people/auth/password",
    {
      config: { access: open, rateLimit: slow },
      schema: {
        tags,
        summary: "Sign in with a password and a second factor",
        description: `The second factor is a code of the authenticator, a backup code, or a passkey. ${proofNeeded}`,
        body: passwordSignInBody,
        response: { 204: z.null() },
        security,
      },
    },
    async (request, reply) => {
      const { email, password, code, response } = request.body;
      const opened = await people.signInByPassword({
        email,
        password,
        code,
        response,
        host: request.headers.host,
        device: deviceOf(request),
        mark: deviceMarkOf(request),
      });
      return answerSignedIn(people, { request, reply, opened });
    },
  );
}
