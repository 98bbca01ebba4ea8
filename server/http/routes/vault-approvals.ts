import { z } from "zod";
import { approvalList } from "../../../plugin/api/vault.ts";
import type { App } from "../../request/app.ts";
import { vaultCallerOf } from "../../request/vault-caller-of.ts";
import type { VaultRouteParts } from "./vault.ts";

const access = { may: ["vault:write"] } as const;
const params = z.object({ id: z.uuid() });

/** A person's yes or no to reads that a grant leaves to people. An agent never answers its own question. */
export function vaultApprovalRoutes(app: App, { vault }: VaultRouteParts): void {
  app.get(
    "/api/v1/vault/approvals",
    {
      config: { access },
      schema: { tags: ["vault"], summary: "Reads that wait for a person", response: { 200: approvalList } },
    },
    async (request) => ({
      approvals: (await vault.listApprovals(vaultCallerOf(request))).map((one) => ({
        id: one.id,
        entry: { id: one.entryId, name: one.entryName },
        reader: one.reader,
        run_id: one.runId,
        node_id: one.nodeId,
        created_at: one.createdAt.toISOString(),
        expires_at: one.expiresAt.toISOString(),
      })),
    }),
  );
  for (const [verb, decision] of [
    ["approve", "approved"],
    ["deny", "denied"],
  ] as const)
    app.post(
      `/api/v1/vault/approvals/:id/${verb}`,
      {
        config: { access },
        schema: { tags: ["vault"], summary: `${verb} one read`, params, response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        await vault.decideApproval(vaultCallerOf(request), request.params.id, decision);
        return reply.status(204).send();
      },
    );
}
