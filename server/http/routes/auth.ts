import { z } from "zod";
import { sessionAnswer, sessionBody, signInBody, whoamiAnswer } from "../../../plugin/api/auth.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { hasSession } from "../../access/authorize.ts";
import type { StudioSessions } from "../../access/studio-sessions.ts";
import type { AgentUsers } from "../../agent-users/agent-users.ts";
import type { People } from "../../people/people.ts";
import { type App, callerOf } from "../../request/app.ts";
import { hashToken } from "../../secrets/bearer-token.ts";
import { sessionCookie } from "../access.ts";
import { answerSignedIn, deviceOf, withoutSessionCookie } from "../session-cookies.ts";

export interface AuthRouteParts {
  readonly agentUsers: AgentUsers;
  readonly studioSessions: StudioSessions;
  readonly people: People;
  readonly workspaceName: (workspaceId: string) => Promise<string>;
}

export function authRoutes(
  app: App,
  { agentUsers, studioSessions, people, workspaceName }: AuthRouteParts,
): void {
  app.post(
    "/api/v1/auth/session",
    {
      config: { access: { may: "public", anyName: true } },
      schema: {
        tags: ["auth"],
        summary: "Exchange an agent's key and code for a short session",
        body: sessionBody,
        response: { 200: sessionAnswer },
        security: [],
      },
    },
    async (request) => {
      const { api_key, code } = request.body;
      const session = await agentUsers.openSession({ apiKey: api_key, code, ip: request.ip });
      return { token: session.token, expires_at: session.expiresAt.toISOString() };
    },
  );

  app.post(
    "/api/v1/auth/sign-in",
    {
      // No person signs in more often, and every refusal is a row in the audit log.
      config: { access: { may: "public" }, rateLimit: { max: 60 } },
      schema: {
        tags: ["auth"],
        summary: "Sign in to the studio",
        description:
          "Choose a proof, 32 random bytes in base64url, and send it in the header x-totem-proof: now, and with every request that has the cookie. The cookie alone opens nothing.",
        body: signInBody,
        response: { 204: z.null() },
        security: [],
      },
    },
    async (request, reply) => {
      const opened = await studioSessions.signIn(request.body, deviceOf(request));
      return answerSignedIn(people, { request, reply, opened });
    },
  );

  app.post(
    "/api/v1/auth/claim",
    {
      config: { access: { may: "public" }, rateLimit: { max: 60 } },
      schema: {
        tags: ["auth"],
        summary: "Give a session from before there were proofs its proof, once",
        response: { 204: z.null() },
        security: [],
      },
    },
    async (request, reply) => {
      const cookie = request.cookies[sessionCookie];
      const claimed =
        cookie !== undefined && (await studioSessions.claim(hashToken(cookie), deviceOf(request)));
      if (!claimed) throw new PluginError("UNAUTHENTICATED");
      return reply.status(204).send(null);
    },
  );

  app.delete(
    "/api/v1/auth/sign-in",
    {
      config: { access: { may: "anyone" } },
      schema: { tags: ["auth"], summary: "Sign out of the studio", response: { 204: z.null() } },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      if (caller.kind === "person") await studioSessions.end(caller, caller.sessionId);
      return withoutSessionCookie(reply).status(204).send(null);
    },
  );

  app.get(
    "/api/v1/whoami",
    {
      config: { access: { may: "anyone", agent: "key", tools: true } },
      schema: {
        tags: ["auth"],
        summary: "Who is calling, and what they may do",
        response: { 200: whoamiAnswer },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      return {
        // A host is known outside by what it holds: a service key.
        kind: caller.kind === "host" ? "service_key" : caller.kind,
        name: caller.name,
        workspace: await workspaceName(caller.workspaceId),
        scopes: [...caller.scopes],
        person:
          caller.kind === "person"
            ? {
                id: caller.personId,
                roles: [...caller.roles],
                proved_at: caller.provedAt?.toISOString() ?? null,
              }
            : null,
        agent_user:
          caller.kind === "agent_user"
            ? {
                username: caller.name,
                host: caller.location.host,
                workflow_id: caller.location.workflowId,
                agent_node_id: caller.location.agentNodeId,
                session: hasSession(caller),
              }
            : null,
      };
    },
  );
}
