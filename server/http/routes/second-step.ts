import type { FastifyRequest } from "fastify";
import encodeQR from "qr";
import { z } from "zod";
import { encodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { writeOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { type Access, ownOfPerson } from "../../access/authorize.ts";
import { managesVault, type PersonCaller } from "../../access/caller.ts";
import type { SecondStep } from "../../access/second-step.ts";
import type { People } from "../../people/people.ts";
import { type App, callerOf, personOf } from "../../request/app.ts";
import type { Vault } from "../../vault/vault.ts";
import { factorRule } from "./people-factors.ts";

export interface SecondStepRouteParts {
  readonly secondStep: SecondStep;
  readonly people: People;
  readonly vault: Vault;
}

const showSeed: Access = { may: ["vault:write"], granted: true, fresh: true, lasting: true };
const tags = ["auth"];
const codeBody = z.strictObject({ code: z.string().min(1).max(64) });
const state = z.object({ on: z.boolean() });
const backupCodes = z.array(z.string());
const sentCode = ({ headers }: FastifyRequest) => headers["x-totem-code"];

/** A person's own second factor, and the one thing that needs it: a seed as a QR code. */
export function secondStepRoutes(app: App, { secondStep, people, vault }: SecondStepRouteParts): void {
  const url = "/api/v1/auth/second-step";
  const isOn = async (caller: PersonCaller) => ({ on: await secondStep.isOn(caller) });

  app.get(
    url,
    {
      config: { access: ownOfPerson },
      schema: { tags, summary: "Whether there is a second step", response: { 200: state } },
    },
    (request) => isOn(personOf(request)),
  );
  app.post(
    url,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Make a second step; told once",
        description: factorRule,
        response: { 201: z.object({ otpauth_uri: z.string(), backup_codes: backupCodes }) },
      },
    },
    async (request, reply) => {
      const made = await people.enrolAuthenticator(personOf(request), sentCode(request));
      return reply.status(201).send({ otpauth_uri: made.otpauth, backup_codes: [...made.backupCodes] });
    },
  );
  app.post(
    `${url}/confirm`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Turn it on with a first code of the authenticator",
        description: factorRule,
        body: codeBody,
        response: { 200: state },
      },
    },
    async (request) => {
      const caller = personOf(request);
      await people.confirmAuthenticator(caller, { first: request.body.code, code: sentCode(request) });
      return isOn(caller);
    },
  );
  app.post(
    `${url}/backup-codes`,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Make new backup codes; told once",
        description:
          "Needs a fresh proof. The codes before open nothing any more, and your other sessions end.",
        response: { 201: z.object({ backup_codes: backupCodes }) },
      },
    },
    async (request, reply) => {
      const made = await people.renewBackupCodes(personOf(request), sentCode(request));
      return reply.status(201).send({ backup_codes: [...made] });
    },
  );
  app.delete(
    url,
    {
      config: { access: ownOfPerson },
      schema: {
        tags,
        summary: "Take it away, with a code of it or another fresh proof",
        description:
          "With your last factor goes your password too; then only a link or single sign-on signs you in. Your other sessions end.",
        body: codeBody.partial().optional(),
        response: { 200: state },
      },
    },
    async (request) => {
      const caller = personOf(request);
      await people.removeAuthenticator(caller, { own: request.body?.code, code: sentCode(request) });
      return isOn(caller);
    },
  );

  app.get(
    "/api/v1/vault/entries/:id/qr",
    {
      config: { access: showSeed },
      schema: {
        tags: ["vault"],
        summary: "The QR code of an entry, for a person with a fresh proof",
        params: z.object({ id: z.uuid() }),
        produces: ["image/svg+xml"],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      // The seed itself: for people, and for no program that only stores entries.
      if (caller.kind !== "person" && !managesVault(caller)) throw new PluginError("FORBIDDEN");
      const { entry, bytes, counter } = await vault.openSecret(caller, request.params);
      const oneTime = entry.one_time;
      try {
        if (!oneTime) throw new PluginError("VAULT_ENTRY_HAS_NO_CODES");
        const shared = {
          secret: encodeBase32(bytes),
          issuer: oneTime.issuer,
          account: oneTime.account ?? entry.name,
          algorithm: oneTime.algorithm,
          digits: oneTime.digits as 6 | 8,
        };
        const uri = writeOtpauthUri(
          oneTime.type === "totp"
            ? { ...shared, type: "totp", period: oneTime.period ?? 30 }
            : { ...shared, type: "hotp", counter: counter ?? 0 },
        );
        return reply.type("image/svg+xml").send(encodeQR(uri, "svg", { ecc: "medium" }));
      } finally {
        bytes.fill(0);
      }
    },
  );
}
