import { createdLink, createLinkBody, everyone } from "../../../plugin/api/people.ts";
import type { Access } from "../../access/authorize.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { PeopleManageRouteParts } from "./people-manage.ts";

const commandLine: { access: Access } = { access: { may: ["admin"], only: "admin_key" } };
const tags = ["people"];

/** `totem people`, where this process holds the embedded database and the command line cannot open it. */
export function peopleLinkRoutes(app: App, { people, addresses }: PeopleManageRouteParts): void {
  const url = "/api/v1/people/links";
  app.get(
    url,
    {
      config: commandLine,
      schema: {
        tags,
        summary: "List the people of the server's own workspace for its command line",
        response: { 200: everyone },
      },
    },
    async (request) => ({ people: await people.listEveryone(callerOf(request).workspaceId) }),
  );
  app.post(
    url,
    {
      config: commandLine,
      schema: {
        tags,
        summary: "Make a link that signs a person in, with the administrator's key",
        description:
          "What `totem people link` asks for: it works once, within an hour. No person and no service key may.",
        body: createLinkBody,
        response: { 201: createdLink },
      },
    },
    async (request, reply) => {
      // What the key opens stays within its workspace, as everything does.
      const { actor, workspaceId: within } = callerOf(request);
      const { email, without_factors: withoutFactors } = request.body;
      const { token, person } = await people.createLink({ actor, email, within, withoutFactors });
      return reply.status(201).send({ link: `${addresses.studioUrl}/#sign-in=${token}`, person });
    },
  );
}
