import { z } from "zod";
import {
  changeInstallationBody,
  confirmKeyPairBody,
  enrolKeyPairBody,
  enrolledKeyPair,
  hostInstallationList,
} from "../../../plugin/api/host-calls.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import type { HostInstallations } from "../../access/host-installations.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface HostInstallationRouteParts {
  readonly hostInstallations: HostInstallations;
}

const list: { access: Access } = { access: { may: ["keys:manage", "lists:read"] } };
const manageFresh: { access: Access } = { access: { may: ["keys:manage"], fresh: true, lasting: true } };
const tags = ["hosts"];
const params = z.object({ id: z.uuid() });
const nothing = { 204: z.null() };

/** Which installations of other builders there are, and the key pairs by which their machines are known. */
export function hostInstallationRoutes(app: App, { hostInstallations }: HostInstallationRouteParts): void {
  app.get(
    "/api/v1/host-installations",
    {
      config: list,
      schema: {
        tags,
        summary: "List the installations that keys speak for, with their key pairs",
        response: { 200: hostInstallationList },
      },
    },
    async (request) => ({ installations: await hostInstallations.list(callerOf(request).workspaceId) }),
  );

  app.patch(
    "/api/v1/host-installations/:id",
    {
      config: manageFresh,
      schema: {
        tags,
        summary: "Say whether every call of an installation must be signed",
        params,
        body: changeInstallationBody,
        response: nothing,
      },
    },
    async (request, reply) => {
      const { requires_signature: requiresSignature } = request.body;
      await hostInstallations.change(callerOf(request), { id: request.params.id, requiresSignature });
      return reply.status(204).send(null);
    },
  );

  app.delete(
    "/api/v1/host-installations/:id",
    {
      config: manageFresh,
      schema: {
        tags,
        summary: "Give an installation up: the next key that names it gets it",
        description: "Refused while a key speaks for it. Its key pairs are removed; its identities stay.",
        params,
        response: nothing,
      },
    },
    async (request, reply) => {
      await hostInstallations.release(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );

  app.post(
    "/api/v1/host-key-pairs",
    {
      config: { access: { may: ["hosts:call"], only: "hosts", brings: "key_pair", lasting: true } },
      schema: {
        tags,
        summary: "Enrol the key pair of a machine of an installation, or ask how far it is",
        description:
          "The request is signed with the key pair that it brings (RFC 9421). A person confirms it in the studio; from then on every call of the installation must be signed.",
        body: enrolKeyPairBody,
        response: { 200: enrolledKeyPair },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { host, host_instance: hostInstance, public_key: publicKey } = request.body;
      if (caller.kind !== "host") throw new PluginError("FORBIDDEN");
      if (request.signedBy !== publicKey) throw new PluginError("SIGNATURE_REFUSED");
      return hostInstallations.enrolKeyPair(caller, { installation: { host, hostInstance }, publicKey });
    },
  );

  app.post(
    "/api/v1/host-key-pairs/:id/confirm",
    {
      config: manageFresh,
      schema: {
        tags,
        summary: "Confirm a key pair whose fingerprint was compared",
        description: "From then on every call of its installation must be signed.",
        params,
        body: confirmKeyPairBody,
        response: nothing,
      },
    },
    async (request, reply) => {
      const { fingerprint } = request.body;
      await hostInstallations.confirmKeyPair(callerOf(request), { id: request.params.id, fingerprint });
      return reply.status(204).send(null);
    },
  );

  app.delete(
    "/api/v1/host-key-pairs/:id",
    {
      config: manageFresh,
      schema: {
        tags,
        summary: "Remove a key pair: it was lost, or it is not the host's",
        description: "Calls stay refused until another one is confirmed.",
        params,
        response: nothing,
      },
    },
    async (request, reply) => {
      await hostInstallations.removeKeyPair(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
