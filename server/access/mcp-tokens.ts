import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { McpTokenBody } from "../../plugin/api/keys.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";

/** Named by people; an agent user that asks for itself is known by its id. */
type Owner =
  | { readonly agentUserId: string }
  | { readonly agentUser: string }
  | { readonly serviceKey: string };

interface Deed {
  readonly workspaceId: string;
  readonly actor: Actor;
}

/** Whose tokens are meant: everybody's of the workspace, or one agent user's. */
interface Whose {
  readonly workspaceId: string;
  readonly agentUserId?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly kind: "agent_user" | "service_key";
  readonly name: string;
  readonly created_at: Date;
}

const show = (row: Row): McpTokenBody => ({
  id: row.id,
  owner: { kind: row.kind, name: row.name },
  created_at: row.created_at.toISOString(),
});

const ofWhom = ({ workspaceId, agentUserId }: Whose) =>
  agentUserId === undefined
    ? sql`t.workspace_id = ${workspaceId}`
    : sql`t.workspace_id = ${workspaceId} and t.agent_user_id = ${agentUserId}::uuid`;

export type McpTokens = ReturnType<typeof createMcpTokens>;

/** Tokens for addresses. Only a hash is kept: the token is in the answer that makes it and nowhere else. */
export function createMcpTokens({ db, clock }: { readonly db: Kysely<Tables>; readonly clock: Clock }) {
  return {
    create: (owner: Owner, { workspaceId, actor }: Deed): Promise<McpTokenBody & { token: string }> =>
      db.transaction().execute(async (trx) => {
        const { kind, id: ownerId, name } = await getOwner(trx, workspaceId, owner);
        const token = newBearerToken("mcp");
        const [id, created_at] = [randomUUID(), clock.now()];
        await trx
          .insertInto("mcp_token")
          .values({
            id,
            workspace_id: workspaceId,
            agent_user_id: kind === "agent_user" ? ownerId : null,
            service_key_id: kind === "service_key" ? ownerId : null,
            token_hash: hashToken(token),
            created_at,
          })
          .execute();
        await writeAuditEvent(trx, {
          workspaceId,
          at: created_at,
          actor,
          action: "mcp_token.created",
          subject: { kind, id: name },
        });
        return { ...show({ id, kind, name, created_at }), token };
      }),

    async list(whose: Whose): Promise<McpTokenBody[]> {
      const { rows } = await sql<Row>`
        select t.id, t.created_at, coalesce(u.username, k.name) as name,
          case when t.agent_user_id is null then 'service_key' else 'agent_user' end as kind
        from mcp_token t
        left join agent_user u on u.id = t.agent_user_id
        left join service_key k on k.id = t.service_key_id
        where ${ofWhom(whose)} and t.revoked_at is null and k.revoked_at is null
        order by t.created_at, t.id`.execute(db);
      return rows.map(show);
    },

    revoke: (id: string, whose: Whose, actor: Actor): Promise<void> =>
      db.transaction().execute(async (trx) => {
        const at = clock.now();
        const { rows } = await sql`
          update mcp_token t set revoked_at = ${at}
          where t.id = ${id}::uuid and t.revoked_at is null and ${ofWhom(whose)} returning id`.execute(trx);
        if (rows.length === 0) throw new PluginError("KEY_NOT_FOUND");
        await writeAuditEvent(trx, {
          workspaceId: whose.workspaceId,
          at,
          actor,
          action: "mcp_token.revoked",
          subject: { kind: "mcp_token", id },
        });
      }),
  };
}

async function getOwner(
  trx: Kysely<Tables>,
  workspaceId: string,
  owner: Owner,
): Promise<{ readonly kind: Row["kind"]; readonly id: string; readonly name: string }> {
  if ("serviceKey" in owner) {
    const key = await trx
      .selectFrom("service_key")
      .select(["id", "name"])
      .where("workspace_id", "=", workspaceId)
      .where("name", "=", owner.serviceKey)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    if (!key) throw new PluginError("KEY_NOT_FOUND");
    return { kind: "service_key", ...key };
  }
  const agent = await trx
    .selectFrom("agent_user")
    .select(["id", "username as name"])
    .where("workspace_id", "=", workspaceId)
    .where((is) =>
      "agentUserId" in owner ? is("id", "=", owner.agentUserId) : is("username", "=", owner.agentUser),
    )
    .executeTakeFirst();
  if (!agent) throw new PluginError("AGENT_USER_NOT_FOUND");
  return { kind: "agent_user", ...agent };
}
