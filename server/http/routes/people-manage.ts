import { z } from "zod";
import {
  changePersonBody,
  createdInvitation,
  createdPerson,
  createInvitationBody,
  createPersonBody,
  invitationList,
  person,
  personList,
} from "../../../plugin/api/people.ts";
import type { Access } from "../../access/authorize.ts";
import type { OwnAddresses } from "../../agent-api/account.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { PeopleRouteParts } from "./people-sign-in.ts";

export interface PeopleManageRouteParts extends PeopleRouteParts {
  readonly addresses: OwnAddresses;
}

const read: { access: Access } = { access: { may: ["people:manage", "lists:read"] } };
const manage: { access: Access } = { access: { may: ["people:manage"], fresh: true, lasting: true } };
const tags = ["people"];
const byId = z.object({ id: z.uuid() });

/** The members of a workspace and its invitations, for owners and administrators. */
export function peopleManageRoutes(app: App, { people, addresses }: PeopleManageRouteParts): void {
  const url = "/api/v1/people";
  // Behind the #, which browsers do not send: no log between here and the person has it.
  const linkOf = (kind: "sign-in" | "invitation", token: string) =>
    `${addresses.studioUrl}/#${kind}=${token}`;

  app.get(
    url,
    {
      config: read,
      schema: { tags, summary: "List the people of this workspace", response: { 200: personList } },
    },
    async (request) => ({ people: await people.list(callerOf(request)) }),
  );
  app.post(
    url,
    {
      config: manage,
      schema: {
        tags,
        summary: "Add a person by hand",
        description: "The link in the answer signs the person in once, within an hour.",
        body: createPersonBody,
        response: { 201: createdPerson },
      },
    },
    async (request, reply) => {
      const { person: added, linkToken } = await people.add(callerOf(request), request.body);
      return reply.status(201).send({ ...added, sign_in_link: linkOf("sign-in", linkToken) });
    },
  );
  app.patch(
    `${url}/:id`,
    {
      config: manage,
      schema: {
        tags,
        summary: "Give a person other roles",
        description: "Only owners make, change and remove owners. The last owner stays one.",
        params: byId,
        body: changePersonBody,
        response: { 200: person },
      },
    },
    (request) => people.changeRoles(callerOf(request), { id: request.params.id, roles: request.body.roles }),
  );
  app.delete(
    `${url}/:id`,
    {
      config: manage,
      schema: {
        tags,
        summary: "Remove a person",
        description: "Ends their sessions, the keys they created and the grants they have, at once.",
        params: byId,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await people.remove(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );

  app.get(
    `${url}/invitations`,
    {
      config: read,
      schema: { tags, summary: "List the latest invitations", response: { 200: invitationList } },
    },
    async (request) => ({ invitations: await people.listInvitations(callerOf(request)) }),
  );
  app.post(
    `${url}/invitations`,
    {
      config: manage,
      schema: {
        tags,
        summary: "Invite a person by a link",
        description:
          "The link works once, within 72 hours, for this address. It is in this answer and in no other: Totem sends no mail.",
        body: createInvitationBody,
        response: { 201: createdInvitation },
      },
    },
    async (request, reply) => {
      const { invitation, token } = await people.invite(callerOf(request), request.body);
      return reply.status(201).send({ ...invitation, link: linkOf("invitation", token) });
    },
  );
  app.delete(
    `${url}/invitations/:id`,
    {
      config: manage,
      schema: { tags, summary: "Withdraw an invitation", params: byId, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await people.withdrawInvitation(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
