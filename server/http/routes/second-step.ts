import encodeQR from "qr";
import { z } from "zod";
import { encodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { writeOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import { managesVault, type PersonCaller } from "../../access/caller.ts";
import type { SecondStep } from "../../access/second-step.ts";
import { type App, callerOf, personOf } from "../../request/app.ts";
import type { Vault } from "../../vault/vault.ts";

export interface SecondStepRouteParts {
  readonly secondStep: SecondStep;
  readonly vault: Vault;
}

const own: Access = { may: "anyone", person: true };
const showSeed: Access = { may: ["vault:write"], granted: true, fresh: true };
const tags = ["auth"];
const codeBody = z.strictObject({ code: z.string().min(1).max(64) });
const state = z.object({ on: z.boolean() });

/** A person's own second factor, and the one thing that needs it: a seed as a QR code. */
export function secondStepRoutes(app: App, { secondStep, vault }: SecondStepRouteParts): void {
  const url = "/api/v1/auth/second-step";
  const isOn = async (caller: PersonCaller) => ({ on: await secondStep.isOn(caller) });

  app.get(
    url,
    {
      config: { access: own },
      schema: { tags, summary: "Whether there is a second step", response: { 200: state } },
    },
    (request) => isOn(personOf(request)),
  );
  app.post(
    url,
    {
      config: { access: own },
      schema: {
        tags,
        summary: "Make a second step; told once",
        response: { 201: z.object({ otpauth_uri: z.string(), backup_codes: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      const { otpauth, backupCodes } = await secondStep.enrol(personOf(request));
      return reply.status(201).send({ otpauth_uri: otpauth, backup_codes: [...backupCodes] });
    },
  );
  app.post(
    `${url}/confirm`,
    {
      config: { access: own },
      schema: { tags, summary: "Turn it on with a first code", body: codeBody, response: { 200: state } },
    },
    async (request) => {
      const caller = personOf(request);
      await secondStep.verify(caller, request.body.code);
      return isOn(caller);
    },
  );
  app.delete(
    url,
    {
      config: { access: own },
      schema: { tags, summary: "Take it away, with a code of it", body: codeBody, response: { 200: state } },
    },
    async (request) => {
      const caller = personOf(request);
      await secondStep.remove(caller, request.body.code);
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
