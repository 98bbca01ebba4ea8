import { changeMeBody, me, proofBody, proved } from "../../../plugin/api/people.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, personOf } from "../../request/app.ts";
import type { PeopleRouteParts } from "./people-sign-in.ts";

const own: Access = { may: "anyone" };
const tags = ["people"];

/** What is a person's own: their name, their factors, their fresh proof. */
export function peopleMeRoutes(app: App, { people }: PeopleRouteParts): void {
  const url = "/api/v1/people/me";
  app.get(
    url,
    { config: { access: own }, schema: { tags, summary: "Who you are here", response: { 200: me } } },
    (request) => people.readMe(personOf(request)),
  );
  app.patch(
    url,
    {
      config: { access: own },
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
      config: { access: own },
      schema: {
        tags,
        summary: "Prove that it is you, with a code; good for 10 minutes",
        body: proofBody,
        response: { 200: proved },
      },
    },
    (request) => people.proveByCode(personOf(request), request.body.code),
  );
}
