import { type RawBuilder, sql } from "kysely";

const uuid = sql.lit("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");

/**
 * Whether the workflow of this alias has this id. Agents of other builders have ids of any shape, and PostgreSQL ends a
 * statement with an error where such a text is made a uuid. The column stays as it is: the primary key finds the row.
 */
export const workflowIs = (alias: string, id: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(`${alias}.id`)} = case when ${id}::text ~* ${uuid} then ${id}::text::uuid end`;
