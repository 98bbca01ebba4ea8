import type { NamedSecretList } from "../../plugin/api/named-secrets.ts";
import { writeNamedSecret } from "../../plugin/named-secret.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { nameableFields } from "./release-fields.ts";
import type { VaultParts } from "./vault-entry.ts";

/** For the person who builds with an agent: what it may write where a secret belongs. */
export async function namedSecretsOf(
  parts: VaultParts,
  { workspaceId }: Pick<AuthenticatedCaller, "workspaceId">,
  username: string,
): Promise<NamedSecretList["entries"]> {
  const agent = await parts.db
    .selectFrom("agent_user")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("username", "=", username)
    .executeTakeFirst();
  if (!agent) throw new PluginError("AGENT_USER_NOT_FOUND");
  const entries = await nameableFields(parts, { workspaceId, agentUserId: agent.id });
  return entries.map(({ entry, origins, fields }) => ({
    entry,
    origins,
    named_secrets: fields.map((field) => writeNamedSecret({ entry, field })),
  }));
}
