import encodeQR from "qr";
import { z } from "zod";
import { encodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { writeOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import type { SecondStep } from "../../access/second-step.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { Vault } from "../../vault/vault.ts";

export interface SecondStepRouteParts {
  readonly secondStep: SecondStep;
  readonly vault: Vault;
}

const administer: Access = { may: ["admin"] };
const tags = ["auth"];
const codeBody = z.strictObject({ code: z.string().min(1).max(64) });
const state = z.object({ on: z.boolean() });

/** A person's own second factor, and the one thing that needs it: a seed as a QR code. */
export function secondStepRoutes(app: App, { secondStep, vault }: SecondStepRouteParts): void {
  const url = "/api/v1/auth/second-step";
  const isOn = async (workspaceId: string) => ({ on: await secondStep.isOn(workspaceId) });

  app.get(
    url,
    {
      config: { access: administer },
      schema: { tags, summary: "Whether there is a second step", response: { 200: state } },
    },
    (request) => isOn(callerOf(request).workspaceId),
  );
  app.post(
    url,
    {
      config: { access: administer },
      schema: {
        tags,
        summary: "Make a second step; told once",
        response: { 201: z.object({ otpauth_uri: z.string(), backup_codes: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      const { otpauth, backupCodes } = await secondStep.enrol(callerOf(request));
      return reply.status(201).send({ otpauth_uri: otpauth, backup_codes: [...backupCodes] });
    },
  );
  app.post(
    `${url}/confirm`,
    {
      config: { access: administer },
      schema: { tags, summary: "Turn it on with a first code", body: codeBody, response: { 200: state } },
    },
    async (request) => {
      const caller = callerOf(request);
      await secondStep.verify(caller, request.body.code);
      return isOn(caller.workspaceId);
    },
  );
  app.delete(
    url,
    {
      config: { access: administer },
      schema: { tags, summary: "Take it away, with a code of it", body: codeBody, response: { 200: state } },
    },
    async (request) => {
      const caller = callerOf(request);
      await secondStep.remove(caller, request.body.code);
      return isOn(caller.workspaceId);
    },
  );

  app.get(
    "/api/v1/vault/entries/:id/qr",
    {
      // The seed itself: for administrators, not for a key that only stores entries.
      config: { access: administer },
      schema: {
        tags: ["vault"],
        summary: "The QR code of an entry, for a person who shows their own second step",
        description: "The code goes into the header x-totem-code: addresses end up in logs.",
        params: z.object({ id: z.uuid() }),
        produces: ["image/svg+xml"],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      // Before the code is used up: a caller that is refused, or that asks for no entry, loses no code.
      await vault.find(caller, { ...request.params, right: "manage" });
      const code = request.headers["x-totem-code"];
      if (typeof code !== "string" || code.length > 64) throw new PluginError("SECOND_STEP_NEEDED");
      if (!(await secondStep.isOn(caller.workspaceId))) throw new PluginError("SECOND_STEP_MISSING");
      await secondStep.verify(caller, code);
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
