import { z } from "zod";
import {
  createdServiceKey,
  createdWorkspace,
  createModelKeyBody,
  createServiceKeyBody,
  createWorkspaceBody,
  modelKey,
  modelKeyList,
  replaceModelKeyBody,
  rotateServiceKeyBody,
  serviceKeyList,
} from "../../../plugin/api/keys.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import type { ServiceKeys } from "../../access/service-keys.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { ModelKeys } from "../../workflow/workflows.ts";

export interface KeyRouteParts {
  readonly serviceKeys: ServiceKeys;
  readonly modelKeys: ModelKeys;
  readonly defaultWorkspaceId: string;
}

const list: { access: Access } = { access: { may: ["keys:manage", "lists:read"] } };
const manage: { access: Access } = { access: { may: ["keys:manage"], lasting: false } };
const manageFresh: { access: Access } = { access: { may: ["keys:manage"], fresh: true, lasting: true } };
const administerFresh: { access: Access } = { access: { may: ["admin"], fresh: true, lasting: true } };

export function keyRoutes(app: App, { serviceKeys, modelKeys, defaultWorkspaceId }: KeyRouteParts): void {
  app.get(
    "/api/v1/keys",
    {
      config: list,
      schema: { tags: ["keys"], summary: "List service keys", response: { 200: serviceKeyList } },
    },
    async (request) => ({ keys: await serviceKeys.list(callerOf(request).workspaceId) }),
  );

  app.post(
    "/api/v1/keys",
    {
      config: manageFresh,
      schema: {
        tags: ["keys"],
        summary: "Make a service key; it is shown once",
        description: "A key makes none that may more than itself, or lives longer.",
        body: createServiceKeyBody,
        response: { 201: createdServiceKey },
      },
    },
    async (request, reply) => {
      const { name, scopes, expires_in: expiresInSeconds, signed } = request.body;
      const newKey = { name, scopes, expiresInSeconds, boundTo: hostOfKey(request.body), signed };
      return reply.status(201).send(await serviceKeys.create(callerOf(request), newKey));
    },
  );

  app.post(
    "/api/v1/keys/:id/rotate",
    {
      config: manageFresh,
      schema: {
        tags: ["keys"],
        summary: "Give a service key a new secret; it is shown once",
        description: "The old one is accepted beside it until the overlap ends. Scopes and expiry stay.",
        params: z.object({ id: z.uuid() }),
        body: rotateServiceKeyBody,
        response: { 200: createdServiceKey },
      },
    },
    async (request) => {
      const { overlap: overlapSeconds } = request.body;
      return serviceKeys.rotate(callerOf(request), { id: request.params.id, overlapSeconds });
    },
  );

  app.delete(
    "/api/v1/keys/:id",
    {
      config: manage,
      schema: {
        tags: ["keys"],
        summary: "Revoke a service key",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await serviceKeys.revoke(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );

  app.post(
    "/api/v1/workspaces",
    {
      config: administerFresh,
      schema: {
        tags: ["keys"],
        summary: "Make a workspace and the key that administers it",
        description: "A person who makes one is its owner.",
        body: createWorkspaceBody,
        response: { 201: createdWorkspace },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      // An administrator of one workspace administers that one. Only the server's own creates others.
      if (caller.workspaceId !== defaultWorkspaceId) throw new PluginError("FORBIDDEN");
      return reply.status(201).send(await serviceKeys.createWorkspace(caller, request.body.name));
    },
  );

  app.get(
    "/api/v1/model-keys",
    {
      config: { access: { may: ["workflows:read", "workflows:write", "settings:manage", "lists:read"] } },
      schema: {
        tags: ["keys"],
        summary: "List model keys, without the keys",
        querystring: z.object({
          uses: z.stringbool().optional().describe("Also which workflows name each of them."),
        }),
        response: { 200: modelKeyList },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const { uses } = request.query;
      return { model_keys: await (uses ? modelKeys.listUses : modelKeys.list)(workspaceId) };
    },
  );

  app.post(
    "/api/v1/model-keys",
    {
      // A model's server reads what agents read, codes too: who draws workflows does not choose it.
      config: { access: { may: ["settings:manage"], fresh: true } },
      schema: {
        tags: ["keys"],
        summary: "Store a model provider's key, sealed",
        body: createModelKeyBody,
        response: { 201: modelKey },
      },
    },
    async (request, reply) => {
      const { name, provider, key, base_url } = request.body;
      const added = await modelKeys.add(callerOf(request), { name, provider, key, baseUrl: base_url });
      return reply.status(201).send(added);
    },
  );

  app.put(
    "/api/v1/model-keys/:name",
    {
      config: { access: { may: ["settings:manage"], fresh: true } },
      schema: {
        tags: ["keys"],
        summary: "Replace a model key under its name",
        description: "The workflows that name it go on with the new one.",
        params: z.object({ name: z.string().min(1).max(100) }),
        body: replaceModelKeyBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { key, base_url: baseUrl } = request.body;
      await modelKeys.replace(callerOf(request), { name: request.params.name, key, baseUrl });
      return reply.status(204).send(null);
    },
  );

  app.delete(
    "/api/v1/model-keys/:name",
    {
      config: { access: { may: ["settings:manage"] } },
      schema: {
        tags: ["keys"],
        summary: "Forget a model key",
        params: z.object({ name: z.string().min(1).max(100) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await modelKeys.remove(callerOf(request), request.params.name);
      return reply.status(204).send(null);
    },
  );
}

/** A key speaks for a host by its scope, and then both names go together. */
function hostOfKey({
  scopes,
  host,
  host_instance: hostInstance,
  signed,
}: z.output<typeof createServiceKeyBody>) {
  const refuse = (field: string, problem: string) =>
    new PluginError("INPUT_INVALID", { fields: [{ field, problem }] });
  if (signed && !scopes.includes("hosts:call"))
    throw refuse("signed", "Only a key of scope hosts:call has it.");
  if (host === undefined && hostInstance === undefined) return undefined;
  if (!scopes.includes("hosts:call")) throw refuse("host", "Only a key of scope hosts:call has one.");
  if (host === undefined || hostInstance === undefined)
    throw refuse(host === undefined ? "host" : "host_instance", "Say both, or neither.");
  return { host, hostInstance };
}
