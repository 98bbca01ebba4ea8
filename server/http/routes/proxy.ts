import { z } from "zod";
import {
  createdProxyCredential,
  createProxyCredentialBody,
  type ProxyFacts,
  proxyCredentialList,
  proxyFacts,
} from "../../../plugin/api/proxy.ts";
import type { Access } from "../../access/authorize.ts";
import type { ProxyCredentials } from "../../access/proxy-credentials.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface ProxyRouteParts {
  readonly proxyCredentials: ProxyCredentials;
  /** The authority of a workspace, and where the proxy listens. */
  readonly proxyFacts: (workspaceId: string) => Promise<ProxyFacts>;
}

const known: { access: Access } = { access: { may: "anyone", agent: "key" } };
const read: { access: Access } = { access: { may: ["agent_users:manage", "lists:read"] } };
const manage: { access: Access } = { access: { may: ["agent_users:manage"], lasting: false } };
const make: { access: Access } = { access: { ...manage.access, fresh: true, lasting: true } };
const tags = ["proxy"];

export function proxyRoutes(app: App, { proxyCredentials, ...parts }: ProxyRouteParts): void {
  app.get(
    "/api/v1/proxy",
    {
      config: known,
      schema: {
        tags,
        summary: "Say where the proxy is, and which certificate its programs must trust",
        response: { 200: proxyFacts },
      },
    },
    (request) => parts.proxyFacts(callerOf(request).workspaceId),
  );

  app.get(
    "/api/v1/proxy-credentials",
    {
      config: read,
      schema: {
        tags,
        summary: "List the credentials of programs for the proxy, without the credentials",
        response: { 200: proxyCredentialList },
      },
    },
    async (request) => ({ proxy_credentials: await proxyCredentials.list(callerOf(request)) }),
  );

  app.post(
    "/api/v1/proxy-credentials",
    {
      config: make,
      schema: {
        tags,
        summary: "Make a credential with which a program uses the proxy for an agent; it is shown once",
        body: createProxyCredentialBody,
        response: { 201: createdProxyCredential },
      },
    },
    async (request, reply) => {
      const { agent_user: agentUser, expires_in: expiresIn } = request.body;
      return reply
        .status(201)
        .send(await proxyCredentials.create(callerOf(request), { agentUser, expiresIn }));
    },
  );

  app.delete(
    "/api/v1/proxy-credentials/:id",
    {
      config: manage,
      schema: {
        tags,
        summary: "Revoke a credential; its open connections end",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await proxyCredentials.revoke(callerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
