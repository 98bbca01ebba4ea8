import type { FastifyRequest } from "fastify";
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
import type { Scope } from "../../../plugin/api/scopes.ts";
import { parseInput } from "../../../plugin/parse-input.ts";
import { plainText } from "../../../plugin/plain-text.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { type Access, auditRefusal } from "../../access/authorize.ts";
import type { ShownAgentUser } from "../../agent-users/agent-user-store.ts";
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
const read: Access = { may: ["workflows:read"], agent: "key" };
const administer: Access = { may: ["admin"] };

const show = (row: ShownAgentUser, now: Date) => ({
  username: row.username,
  purpose: row.purpose,
  host: row.host,
  host_instance: row.host_instance,
  workflow_id: row.workflow_id,
  agent_node_id: row.agent_node_id,
  scopes: row.scopes as Scope[],
  has_secret: true as const,
  algorithm: row.algorithm,
  digits: row.digits,
  period: row.period,
  disabled: row.disabled_at !== null,
  disabled_because: row.disabled_because,
  locked_until: row.locked_until && row.locked_until > now ? row.locked_until.toISOString() : null,
  api_key_expires_at: row.api_key_expires_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

/** An agent user sees itself; every other name, real or not, is answered alike. */
const refuseOthers =
  (parts: Pick<AgentUserRouteParts, "db" | "clock">) =>
  async (request: FastifyRequest, username: string): Promise<void> => {
    const caller = callerOf(request);
    if (caller.kind !== "agent_user" || caller.name === username) return;
    const subject = { kind: "agent_user", id: namedSubject(username) };
    await auditRefusal(parts, caller, { subject, reason: "not_own" });
    throw new PluginError("AGENT_USER_NOT_FOUND");
  };

export function agentUserRoutes(app: App, { agentUsers, clock, db }: AgentUserRouteParts): void {
  const onlyItself = refuseOthers({ db, clock });
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
      const { workspaceId } = caller;
      const rows =
        caller.kind === "agent_user"
          ? [await agentUsers.get(workspaceId, caller.name)]
          : await agentUsers.list(workspaceId, request.query.username);
      return { agent_users: rows.map((row) => show(row, clock.now())) };
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
      const { workspaceId } = callerOf(request);
      await onlyItself(request, request.params.username);
      return show(await agentUsers.get(workspaceId, request.params.username), clock.now());
    },
  );

  app.patch(
    "/api/v1/agent-users/:username",
    {
      config: { access: administer },
      schema: {
        tags: ["agent users"],
        summary: "Change what an agent user may do",
        params,
        body: changeAgentUserBody,
        response: { 200: agentUserBody },
      },
    },
    async (request) => {
      const { workspaceId, actor } = callerOf(request);
      const { username } = request.params;
      await agentUsers.changeScopes({ workspaceId, username, actor }, request.body.scopes);
      return show(await agentUsers.get(workspaceId, username), clock.now());
    },
  );

  app.post(
    "/api/v1/agent-users/:username/verify",
    {
      config: { access: { may: ["codes:read"], agent: "key" } },
      schema: {
        tags: ["agent users"],
        summary: "Verify a code, once",
        params,
        body: verifyBody,
        response: { 200: verifyAnswer },
      },
    },
    async (request) => {
      const { workspaceId, actor } = callerOf(request);
      const { username } = request.params;
      await onlyItself(request, username);
      await agentUsers.verifyOf({ workspaceId, username, code: request.body.code, actor });
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
        config: { access: administer },
        schema: {
          tags: ["agent users"],
          summary: `${verb} an agent user`,
          params,
          response: { 200: agentUserBody },
        },
      },
      async (request) => {
        const { workspaceId, actor } = callerOf(request);
        const { username } = request.params;
        await change({ workspaceId, username, actor });
        return show(await agentUsers.get(workspaceId, username), clock.now());
      },
    );
  }

  app.post(
    "/api/v1/agent-users/:username/rotate-key",
    {
      config: { access: administer },
      schema: {
        tags: ["agent users"],
        summary: "Give the agent a new key",
        params,
        body: rotateKeyBody,
        response: { 200: agentUserBody },
      },
    },
    async (request) => {
      const { workspaceId, actor } = callerOf(request);
      const { username } = request.params;
      await agentUsers.rotateKey({ workspaceId, username, actor }, request.body.expires_in);
      return show(await agentUsers.get(workspaceId, username), clock.now());
    },
  );

  grantRoutes(app, agentUsers);
}

function grantRoutes(app: App, agentUsers: AgentUsers): void {
  const url = "/api/v1/agent-users/:username/grants";
  const showGrant = (row: Awaited<ReturnType<AgentUsers["addGrant"]>>) => ({
    ...row,
    created_at: row.created_at.toISOString(),
  });

  app.get(
    url,
    {
      config: { access: administer },
      schema: {
        tags: ["grants"],
        summary: "Who may read this agent user's codes",
        params,
        response: { 200: grantList },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      return { grants: (await agentUsers.listGrants(workspaceId, request.params.username)).map(showGrant) };
    },
  );

  app.post(
    url,
    {
      config: { access: administer },
      schema: {
        tags: ["grants"],
        summary: "Let another agent user read the codes",
        params,
        body: grantBody,
        response: { 201: grant },
      },
    },
    async (request, reply) => {
      const { workspaceId, actor } = callerOf(request);
      const made = await agentUsers.addGrant({
        workspaceId,
        username: request.params.username,
        reader: request.body.reader,
        actor,
      });
      return reply.status(201).send(showGrant(made));
    },
  );

  app.delete(
    url,
    {
      config: { access: administer },
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
      const { workspaceId, actor } = callerOf(request);
      const { reader } = parseInput(grantBody, { ...request.query, ...request.body });
      await agentUsers.removeGrant({
        workspaceId,
        username: request.params.username,
        reader,
        actor,
      });
      return reply.status(204).send(null);
    },
  );
}
