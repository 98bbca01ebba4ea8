import type { Kysely } from "kysely";
import { z } from "zod";
import {
  agentUserBody,
  agentUserList,
  changeAgentUserBody,
  grant,
  grantBody,
  grantList,
  rotateKeyBody,
  verifyAnswer,
  verifyBody,
} from "../../../plugin/api/agent-users.ts";
import { parseInput } from "../../../plugin/parse-input.ts";
import { plainText } from "../../../plugin/plain-text.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { type Access, auditRefusal } from "../../access/authorize.ts";
import type { AuthenticatedCaller } from "../../access/caller.ts";
import type { AgentUsers } from "../../agent-users/agent-users.ts";
import type { Clock } from "../../clock.ts";
import type { Tables } from "../../database/tables.ts";
import { namedSubject } from "../../redaction/named-subject.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface AgentUserRouteParts {
  readonly agentUsers: AgentUsers;
  readonly clock: Clock;
  readonly db: Kysely<Tables>;
}

const params = z.object({ username: z.string().min(1).max(300) });
const read: Access = {
  may: ["workflows:read", "agent_users:manage", "lists:read"],
  agent: "key",
  tools: true,
};
const manage: Access = { may: ["agent_users:manage"] };
/** Makes a key, or widens what one may do. */
const widen: Access = { ...manage, fresh: true, lasting: true };
const readGrants: Access = { may: ["agent_users:manage", "lists:read"] };

/** An agent user sees itself. Every other name, real or not, gets the same answer. */
async function refuseOthers(
  parts: Pick<AgentUserRouteParts, "db" | "clock">,
  caller: AuthenticatedCaller,
  username: string,
): Promise<void> {
  if (caller.kind !== "agent_user" || caller.name === username) return;
  const subject = { kind: "agent_user", id: namedSubject(username) };
  await auditRefusal(parts, caller, { subject, reason: "not_own" });
  throw new PluginError("AGENT_USER_NOT_FOUND");
}

export function agentUserRoutes(app: App, { agentUsers, clock, db }: AgentUserRouteParts): void {
  app.get(
    "/api/v1/agent-users",
    {
      config: { access: read },
      schema: {
        tags: ["agent users"],
        summary: "List agent users",
        querystring: z.object({
          username: plainText(300).optional().describe("Only the one of this name, if there is one."),
        }),
        response: { 200: agentUserList },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const agent_users =
        caller.kind === "agent_user"
          ? [await agentUsers.get(caller, caller.name)]
          : await agentUsers.list(caller, request.query.username);
      return { agent_users };
    },
  );

  app.get(
    "/api/v1/agent-users/:username",
    {
      config: { access: read },
      schema: {
        tags: ["agent users"],
        summary: "Read one agent user",
        params,
        response: { 200: agentUserBody },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      await refuseOthers({ db, clock }, caller, request.params.username);
      return agentUsers.get(caller, request.params.username);
    },
  );

  app.patch(
    "/api/v1/agent-users/:username",
    {
      config: { access: widen },
      schema: {
        tags: ["agent users"],
        summary: "Change what an agent user may do",
        params,
        body: changeAgentUserBody,
        response: { 200: agentUserBody },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { username } = request.params;
      const { scopes, mcp_tools: mcpTools } = request.body;
      await agentUsers.changeRights(caller, { username, scopes, mcpTools });
      return agentUsers.get(caller, username);
    },
  );

  app.post(
    "/api/v1/agent-users/:username/verify",
    {
      config: { access: { may: ["codes:read"], agent: "key", tools: "handles", lasting: false } },
      schema: {
        tags: ["agent users"],
        summary: "Verify a code, once",
        params,
        body: verifyBody,
        response: { 200: verifyAnswer },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { username } = request.params;
      await refuseOthers({ db, clock }, caller, username);
      await agentUsers.verifyOf(caller, { username, code: request.body.code });
      return { valid: true as const };
    },
  );

  for (const [verb, change] of [
    ["disable", agentUsers.disable],
    ["enable", agentUsers.enable],
  ] as const) {
    app.post(
      `/api/v1/agent-users/:username/${verb}`,
      {
        config: { access: { ...manage, lasting: verb === "enable" } },
        schema: {
          tags: ["agent users"],
          summary: `${verb} an agent user`,
          params,
          response: { 200: agentUserBody },
        },
      },
      async (request) => {
        const caller = callerOf(request);
        const { username } = request.params;
        await change(caller, username);
        return agentUsers.get(caller, username);
      },
    );
  }

  app.post(
    "/api/v1/agent-users/:username/rotate-key",
    {
      config: { access: widen },
      schema: {
        tags: ["agent users"],
        summary: "Give the agent a new key",
        params,
        body: rotateKeyBody,
        response: { 200: agentUserBody },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { username } = request.params;
      await agentUsers.rotateKey(caller, { username, expiresInSeconds: request.body.expires_in });
      return agentUsers.get(caller, username);
    },
  );

  grantRoutes(app, agentUsers);
}

function grantRoutes(app: App, agentUsers: AgentUsers): void {
  const url = "/api/v1/agent-users/:username/grants";

  app.get(
    url,
    {
      config: { access: readGrants },
      schema: {
        tags: ["grants"],
        summary: "Who may read this agent user's codes",
        params,
        response: { 200: grantList },
      },
    },
    async (request) => ({
      grants: await agentUsers.listGrants(callerOf(request), request.params.username),
    }),
  );

  app.post(
    url,
    {
      config: { access: widen },
      schema: {
        tags: ["grants"],
        summary: "Let another agent user read the codes",
        params,
        body: grantBody,
        response: { 201: grant },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      const { reader } = request.body;
      const added = await agentUsers.addGrant(callerOf(request), { username, reader });
      return reply.status(201).send(added);
    },
  );

  app.delete(
    url,
    {
      config: { access: manage },
      schema: {
        tags: ["grants"],
        summary: "Take a grant back",
        params,
        // Many clients and proxies drop the body of a DELETE: the name may be in the query as well.
        body: grantBody.partial().default({}),
        querystring: grantBody.partial(),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      const { reader } = parseInput(grantBody, { ...request.query, ...request.body });
      await agentUsers.removeGrant(callerOf(request), { username, reader });
      return reply.status(204).send(null);
    },
  );
}
