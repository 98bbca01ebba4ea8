import { z } from "zod";
import {
  approval,
  approvalDecision,
  approvalList,
  approvalQuery,
  askPolicyAnswer,
  askPolicyBody,
} from "../../../plugin/api/approvals.ts";
import { ownOfPerson } from "../../access/authorize.ts";
import type { Approvals } from "../../approvals/approvals.ts";
import { type App, callerOf, personOf } from "../../request/app.ts";
import type { Vault } from "../../vault/vault.ts";

export interface ApprovalRouteParts {
  readonly approvals: Approvals;
  readonly vault: Vault;
}

const params = z.object({ id: z.uuid() });
const tags = ["approvals"];

/**
 * Questions to people. Who is named by a question's policy may answer it, whatever else they may do. An agent never
 * answers its own question, and neither does a program.
 */
export function approvalRoutes(app: App, { approvals, vault }: ApprovalRouteParts): void {
  app.get(
    "/api/v1/approvals",
    {
      config: { access: { may: "anyone" } },
      schema: {
        tags,
        summary: "Open questions that the caller may answer or see",
        querystring: approvalQuery,
        response: { 200: approvalList },
      },
    },
    (request) => approvals.list(callerOf(request), request.query),
  );
  app.get(
    "/api/v1/approvals/:id",
    {
      config: { access: { may: "anyone" } },
      schema: { tags, summary: "One question, open or not", params, response: { 200: approval } },
    },
    (request) => approvals.get(callerOf(request), request.params.id),
  );
  app.post(
    "/api/v1/approvals/:id",
    {
      config: { access: { ...ownOfPerson, fresh: true } },
      schema: {
        tags,
        summary: "Answer a question, as a person",
        description:
          "One no denies. The person who asked or caused the question never counts, and each person answers once.",
        params,
        body: approvalDecision,
        response: { 200: approval },
      },
    },
    async (request) => {
      const caller = personOf(request);
      await approvals.answer(caller, { ...request.params, ...request.body });
      return approvals.get(caller, request.params.id);
    },
  );
  entryPolicyRoutes(app, { approvals, vault });
  identityPolicyRoutes(app, { approvals });
}

/** Who is asked before a code of a vault entry. The agent that owns an entry cannot change this. */
function entryPolicyRoutes(app: App, { approvals, vault }: ApprovalRouteParts): void {
  const url = "/api/v1/vault/entries/:id/ask";
  const subject = ({ id }: { id: string }) => ({ kind: "vault_entry", id }) as const;

  app.get(
    url,
    {
      config: { access: { may: ["vault:write", "lists:read"] } },
      schema: {
        tags,
        summary: "Who is asked before a code of an entry",
        params,
        response: { 200: askPolicyAnswer },
      },
    },
    (request) => approvals.readPolicy(callerOf(request), subject(request.params)),
  );
  app.put(
    url,
    {
      config: { access: { may: ["vault:write"], fresh: true } },
      schema: {
        tags,
        summary: "Set who is asked before a code of an entry",
        params,
        body: askPolicyBody,
        response: { 200: askPolicyAnswer },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      await vault.find(caller, { ...request.params, right: "manage" });
      await approvals.setPolicy(caller, { subject: subject(request.params), ask: request.body.ask });
      return approvals.readPolicy(caller, subject(request.params));
    },
  );
}

/** The same before a code of an agent user. */
function identityPolicyRoutes(app: App, { approvals }: Pick<ApprovalRouteParts, "approvals">): void {
  const url = "/api/v1/agent-users/:username/ask";
  const named = z.object({ username: z.string().min(1).max(300) });
  const subject = ({ username }: { username: string }) => ({ kind: "agent_user", username }) as const;

  app.get(
    url,
    {
      config: { access: { may: ["agent_users:manage", "lists:read"] } },
      schema: {
        tags,
        summary: "Who is asked before a code of an agent user",
        params: named,
        response: { 200: askPolicyAnswer },
      },
    },
    (request) => approvals.readPolicy(callerOf(request), subject(request.params)),
  );
  app.put(
    url,
    {
      config: { access: { may: ["agent_users:manage"], fresh: true } },
      schema: {
        tags,
        summary: "Set who is asked before a code of an agent user",
        params: named,
        body: askPolicyBody,
        response: { 200: askPolicyAnswer },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      await approvals.setPolicy(caller, { subject: subject(request.params), ask: request.body.ask });
      return approvals.readPolicy(caller, subject(request.params));
    },
  );
}
