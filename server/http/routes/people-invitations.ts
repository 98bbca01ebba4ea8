import { z } from "zod";
import {
  acceptInvitationBody,
  invitationTokenBody,
  shownInvitation,
  switchWorkspaceBody,
} from "../../../plugin/api/people.ts";
import { ownOfPerson } from "../../access/authorize.ts";
import { type App, personOf } from "../../request/app.ts";
import { answerSignedIn, deviceOf } from "../session-cookies.ts";
import type { PeopleRouteParts } from "./people-sign-in.ts";

const tags = ["people"];
const security: [] = [];
/** Guessing a token of 256 bits is hopeless; this only bounds the work. */
const open = { access: { may: "public" }, rateLimit: { max: 60 } } as const;

/** How an invited person comes in, and how a person of several workspaces goes from one to the other. */
export function peopleInvitationRoutes(app: App, { people }: PeopleRouteParts): void {
  const url = "/api/v1/people/auth/invitation";
  app.post(
    `${url}/read`,
    {
      config: open,
      schema: {
        tags,
        summary: "What an invitation is for",
        description: "A POST, because addresses end up in logs.",
        body: invitationTokenBody,
        response: { 200: shownInvitation },
        security,
      },
    },
    (request) => people.readInvitation(request.body.token),
  );
  app.post(
    url,
    {
      config: { ...open, access: { may: "public", knowsCaller: true } },
      schema: {
        tags,
        summary: "Accept an invitation",
        description:
          "A new person is signed in. A person who is signed in already gets one workspace more, shows a factor for it, and goes on there. A person of another workspace has to sign in first.",
        body: acceptInvitationBody,
        response: { 204: z.null() },
        security,
      },
    },
    async (request, reply) => {
      const { body, caller, headers } = request;
      if (caller?.kind === "person") {
        await people.acceptSignedIn(caller, { token: body.token, code: headers["x-totem-code"] });
        return reply.status(204).send(null);
      }
      const opened = await people.acceptInvitation(body, deviceOf(request));
      return answerSignedIn(people, { request, reply, opened });
    },
  );

  app.post(
    "/api/v1/people/me/workspace",
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Go on in another workspace of yours",
        body: switchWorkspaceBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await people.switchWorkspace(personOf(request), {
        workspaceId: request.body.workspace_id,
        code: request.headers["x-totem-code"],
      });
      return reply.status(204).send(null);
    },
  );
}
