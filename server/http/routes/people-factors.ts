import type { FastifyRequest } from "fastify";
import { z } from "zod";
import {
  createPasskeyBody,
  passkey,
  passwordBody,
  renamePasskeyBody,
  webauthnOptions,
} from "../../../plugin/api/people.ts";
import { ownOfPerson } from "../../access/authorize.ts";
import { type App, personOf } from "../../request/app.ts";
import type { PeopleRouteParts } from "./people-sign-in.ts";

const tags = ["people"];
const params = z.object({ id: z.uuid() });
export const factorRule =
  "The first factor is added within 10 minutes of a sign-in by link, invitation or single sign-on, all others with a fresh proof. The person's other sessions end.";

const headersOf = ({ headers }: FastifyRequest) => ({ host: headers.host, code: headers["x-totem-code"] });

/** A person's own factors: passkeys and the password. The authenticator is in second-step.ts. */
export function peopleFactorRoutes(app: App, { people }: PeopleRouteParts): void {
  const url = "/api/v1/people/me/passkeys";
  app.post(
    `${url}/options`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Begin to add a passkey",
        description: `For \`PublicKeyCredential.parseCreationOptionsFromJSON\`. Answered within 5 minutes, once. ${factorRule}`,
        response: { 200: webauthnOptions },
      },
    },
    async (request) => ({
      options: { ...(await people.passkeyOptions(personOf(request), headersOf(request))) },
    }),
  );
  app.post(
    url,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Add a passkey",
        description: factorRule,
        body: createPasskeyBody,
        response: { 201: passkey },
      },
    },
    async (request, reply) =>
      reply
        .status(201)
        .send(await people.addPasskey(personOf(request), { ...request.body, ...headersOf(request) })),
  );
  app.patch(
    `${url}/:id`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Rename a passkey",
        params,
        body: renamePasskeyBody,
        response: { 200: passkey },
      },
    },
    (request) => people.renamePasskey(personOf(request), { ...request.params, ...request.body }),
  );
  app.delete(
    `${url}/:id`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Remove a passkey",
        description:
          "Needs a fresh proof. With your last factor goes your password too; then only a link or single sign-on signs you in. Your other sessions end.",
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { code } = headersOf(request);
      await people.removePasskey(personOf(request), { ...request.params, code });
      return reply.status(204).send(null);
    },
  );

  const password = "/api/v1/people/me/password";
  app.put(
    password,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Set a password",
        description:
          "Needs a fresh proof, an e-mail address, and an authenticator or a passkey: a password signs in together with one of them only. 12 characters at least. Your other sessions end.",
        body: passwordBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { code } = headersOf(request);
      await people.setPassword(personOf(request), { ...request.body, code });
      return reply.status(204).send(null);
    },
  );
  app.delete(
    password,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Take the password away",
        description: "Needs a fresh proof. Your other sessions end.",
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await people.removePassword(personOf(request), headersOf(request).code);
      return reply.status(204).send(null);
    },
  );
}
