import { z } from "zod";
import { approvalList, entryGrantBody, entryGrantList } from "../../../plugin/api/vault.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { VaultRouteParts } from "./vault.ts";

const params = z.object({ id: z.uuid() });
const tags = ["vault"];

/** What callers other than its owner may do with an entry. */
export function vaultGrantRoutes(app: App, { vault }: VaultRouteParts): void {
  const url = "/api/v1/vault/entries/:id/grants";
  const access = { may: ["vault:write"], agent: "key" } as const;

  app.get(
    url,
    {
      config: { access },
      schema: { tags, summary: "Who may do what with an entry", params, response: { 200: entryGrantList } },
    },
    async (request) => ({ grants: await vault.listGrants(callerOf(request), request.params) }),
  );
  app.put(
    url,
    {
      config: { access },
      schema: {
        tags,
        summary: "Set what somebody may do with an entry",
        params,
        body: entryGrantBody,
        response: { 200: entryGrantList },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      await vault.setGrant(caller, { entry: request.params, ...request.body });
      return { grants: await vault.listGrants(caller, request.params) };
    },
  );
}

/** A person allows or denies reads that a grant leaves to people. An agent never answers its own question. */
export function vaultApprovalRoutes(app: App, { vault }: VaultRouteParts): void {
  const access = { may: ["vault:write"] } as const;

  app.get(
    "/api/v1/vault/approvals",
    {
      config: { access },
      schema: { tags, summary: "Reads that wait for a person", response: { 200: approvalList } },
    },
    async (request) => ({ approvals: await vault.listApprovals(callerOf(request)) }),
  );
  for (const [verb, state] of [
    ["approve", "approved"],
    ["deny", "denied"],
  ] as const)
    app.post(
      `/api/v1/vault/approvals/:id/${verb}`,
      {
        config: { access },
        schema: { tags, summary: `${verb} one read`, params, response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        await vault.decideApproval(callerOf(request), { ...request.params, state });
        return reply.status(204).send();
      },
    );
}
