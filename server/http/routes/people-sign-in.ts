import { signInWays } from "../../../plugin/api/people.ts";
import type { Access } from "../../access/authorize.ts";
import type { People } from "../../people/people.ts";
import type { App } from "../../request/app.ts";

export interface PeopleRouteParts {
  readonly people: People;
}

const open: Access = { may: "public" };
const tags = ["people"];
const security: [] = [];

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
}
