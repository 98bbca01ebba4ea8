import { z } from "zod";
import { sessionList } from "../../../plugin/api/people.ts";
import { ownOfPerson } from "../../access/authorize.ts";
import type { StudioSessions } from "../../access/studio-sessions.ts";
import { type App, personOf } from "../../request/app.ts";
import { withoutSessionCookie } from "../session-cookies.ts";

export interface PeopleSessionRouteParts {
  readonly studioSessions: StudioSessions;
}

const tags = ["people"];

/** Where a person is signed in. */
export function peopleSessionRoutes(app: App, { studioSessions }: PeopleSessionRouteParts): void {
  const url = "/api/v1/people/me/sessions";
  app.get(
    url,
    {
      config: { access: ownOfPerson },
      schema: { tags, summary: "Where you are signed in", response: { 200: sessionList } },
    },
    async (request) => ({ sessions: await studioSessions.list(personOf(request)) }),
  );
  app.delete(
    url,
    {
      config: { access: ownOfPerson },
      schema: { tags, summary: "Sign out everywhere, here too", response: { 204: z.null() } },
    },
    async (request, reply) => {
      await studioSessions.endAll(personOf(request));
      return withoutSessionCookie(reply).status(204).send(null);
    },
  );
  app.delete(
    `${url}/:id`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "End one of your sessions",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await studioSessions.end(personOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
