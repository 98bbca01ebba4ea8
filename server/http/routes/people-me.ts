import {
  changeMeBody,
  me,
  proofBody,
  proved,
  webauthnAnswerBody,
  webauthnOptions,
} from "../../../plugin/api/people.ts";
import { ownOfPerson } from "../../access/authorize.ts";
import { type App, personOf } from "../../request/app.ts";
import type { PeopleRouteParts } from "./people-sign-in.ts";

const tags = ["people"];

/** What is a person's own: their name, their factors, their fresh proof. */
export function peopleMeRoutes(app: App, { people }: PeopleRouteParts): void {
  const url = "/api/v1/people/me";
  app.get(
    url,
    { config: { access: ownOfPerson }, schema: { tags, summary: "Who you are here", response: { 200: me } } },
    (request) => people.readMe(personOf(request)),
  );
  app.patch(
    url,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Give your name or your e-mail address",
        description: "An address is used to sign in, so it needs a fresh proof.",
        body: changeMeBody,
        response: { 200: me },
      },
    },
    (request) =>
      people.changeMe(personOf(request), {
        change: request.body,
        code: request.headers["x-totem-code"],
      }),
  );
  app.post(
    `${url}/proof`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Prove that it is you, with a code; good for 10 minutes",
        body: proofBody,
        response: { 200: proved },
      },
    },
    (request) => people.proveByCode(personOf(request), request.body.code),
  );

  app.post(
    `${url}/proof/passkey/options`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Ask for one of your passkeys as a proof",
        response: { 200: webauthnOptions },
      },
    },
    async (request) => ({
      options: { ...(await people.passkeyProofOptions(personOf(request), request.headers.host)) },
    }),
  );
  app.post(
    `${url}/proof/passkey`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Prove that it is you, with a passkey; good for 10 minutes",
        body: webauthnAnswerBody,
        response: { 200: proved },
      },
    },
    (request) =>
      people.proveByPasskey(personOf(request), {
        response: request.body.response,
        host: request.headers.host,
      }),
  );
}
