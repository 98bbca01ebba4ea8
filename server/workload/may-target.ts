import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { requireNoWiderScopes, requireScopes } from "../access/authorize.ts";
import type { Caller } from "../access/caller.ts";
import { isLiveKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";

/** What a rule names, as a person writes it. */
export type NamedTarget = { readonly agent_user: string } | { readonly service_key: string };

export interface Target {
  readonly agent_user_id: string | null;
  readonly service_key_id: string | null;
}

/**
 * What a rule names, if this person may let others act as it: an agent by the right to manage agents, a key that may no
 * more than the person. A key that speaks for an installation has to be bound to it: no token chooses one.
 */
export async function getTarget(
  trx: Kysely<Tables>,
  caller: Caller,
  { target, now }: { readonly target: NamedTarget; readonly now: Date },
): Promise<Target> {
  if ("agent_user" in target) {
    requireScopes(caller, ["agent_users:manage"]);
    const row = await trx
      .selectFrom("agent_user")
      .select("id")
      .where("workspace_id", "=", caller.workspaceId)
      .where("username", "=", target.agent_user)
      .executeTakeFirst();
    if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
    return { agent_user_id: row.id, service_key_id: null };
  }
  const key = await trx
    .selectFrom("service_key")
    .select(["id", "scopes", "host"])
    .where("workspace_id", "=", caller.workspaceId)
    .where("name", "=", target.service_key)
    .where(isLiveKey("service_key", now))
    .executeTakeFirst();
  if (!key) throw new PluginError("KEY_NOT_FOUND");
  requireNoWiderScopes(caller, key.scopes as Scope[]);
  if (key.scopes.includes("hosts:call") && key.host === null)
    throw new PluginError("INPUT_INVALID", {
      fields: [
        { field: "target", problem: "This key has no installation yet. Name it when you make the key." },
      ],
    });
  return { agent_user_id: null, service_key_id: key.id };
}

/** Who changes an issuer changes who gets in by all of its rules, so it needs the right to each of them. */
export async function requireMayTargetAll(
  trx: Kysely<Tables>,
  caller: Caller,
  issuerId: string,
): Promise<void> {
  const rules = await trx
    .selectFrom("workload_rule as r")
    .leftJoin("service_key as k", "k.id", "r.service_key_id")
    .select(["r.agent_user_id", "k.scopes"])
    .where("r.workspace_id", "=", caller.workspaceId)
    .where("r.issuer_id", "=", issuerId)
    .execute();
  for (const { agent_user_id, scopes } of rules) {
    if (agent_user_id !== null) requireScopes(caller, ["agent_users:manage"]);
    requireNoWiderScopes(caller, (scopes ?? []) as Scope[]);
  }
}
