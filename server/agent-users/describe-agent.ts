import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Tables } from "../database/tables.ts";
import { type AgentPlace, isAt } from "./agent-place.ts";

export interface AgentDescription {
  readonly id: string;
  readonly username: string;
  readonly purpose: string;
  readonly host: string;
  readonly scopes: readonly string[];
  /** Usernames whose codes this agent was granted. */
  readonly granted: readonly string[];
  readonly createdAt: Date;
}

/** Who the agent at this place is, for the agent itself. */
export const describeAgent =
  ({ db }: { db: Kysely<Tables> }) =>
  async (place: AgentPlace): Promise<AgentDescription> => {
    const row = await db
      .selectFrom("agent_user as u")
      .select(["u.id", "u.username", "u.purpose", "u.host", "u.scopes", "u.created_at", "u.disabled_at"])
      .select(
        sql<
          string[]
        >`array(select o.username from agent_user_grant g join agent_user o on o.id = g.agent_user_id
          where g.reader_id = u.id order by o.username)`.as("granted"),
      )
      .where(isAt("u", place))
      .executeTakeFirst();
    if (!row) throw new PluginError("AGENT_USER_NOT_FOUND");
    if (row.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
    return {
      id: row.id,
      username: row.username,
      purpose: row.purpose,
      host: row.host,
      scopes: row.scopes,
      granted: row.granted,
      createdAt: row.created_at,
    };
  };
