import { z } from "zod";
import { namedSecretList } from "../../../plugin/api/named-secrets.ts";
import { entryGrantBody, entryGrantList } from "../../../plugin/api/vault.ts";
import { type App, callerOf } from "../../request/app.ts";
import type { VaultRouteParts } from "./vault.ts";

const params = z.object({ id: z.uuid() });
const tags = ["vault"];

/** What callers other than its owner may do with an entry. */
export function vaultGrantRoutes(app: App, { vault }: VaultRouteParts): void {
  const url = "/api/v1/vault/entries/:id/grants";
  const access = { may: ["vault:write"], agent: "key", granted: true } as const;
  const read = { ...access, may: ["vault:write", "lists:read"] } as const;
  const widen = { ...access, fresh: true, lasting: true } as const;

  app.get(
    url,
    {
      config: { access: read },
      schema: { tags, summary: "Who may do what with an entry", params, response: { 200: entryGrantList } },
    },
    (request) => vault.listGrants(callerOf(request), request.params),
  );
  app.put(
    url,
    {
      config: { access: widen },
      schema: {
        tags,
        summary: "Set what an agent user, a key, a person or a role may do with an entry",
        params,
        body: entryGrantBody,
        response: { 200: entryGrantList },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      await vault.setGrant(caller, { entry: request.params, ...request.body });
      return vault.listGrants(caller, request.params);
    },
  );

  app.get(
    "/api/v1/agent-users/:username/named-secrets",
    {
      // Who manages the agent could read as much in its name.
      config: { access: { may: ["agent_users:manage", "lists:read"] } },
      schema: {
        tags: ["agent users"],
        summary: "List what an agent may write where a secret belongs: names, no values",
        params: z.object({ username: z.string().min(1).max(300) }),
        response: { 200: namedSecretList },
      },
    },
    async (request) => ({
      entries: await vault.namedSecretsOf(callerOf(request), request.params.username),
    }),
  );
}
