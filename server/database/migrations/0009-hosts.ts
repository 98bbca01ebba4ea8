import { type Kysely, sql } from "kysely";

/** Workflows of other builders, keys that speak for one of them, and one list of every slug there ever was. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A username begins with a slug: none is given twice, whoever keeps the workflow.
  `create table taken_slug (
    workspace_id uuid not null references workspace,
    slug text not null,
    primary key (workspace_id, slug)
  )`,
  `insert into taken_slug select workspace_id, slug from workflow`,
  `alter table workflow add foreign key (workspace_id, slug) references taken_slug`,
  `create table host_workflow (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    host text not null,
    host_instance text not null,
    workflow_id text not null,
    name text not null,
    slug text not null,
    created_at timestamptz not null,
    removed_at timestamptz,
    removed_by text check (removed_by in ('host', 'operator')),
    check ((removed_at is null) = (removed_by is null)),
    constraint host_workflow_place unique (workspace_id, host, host_instance, workflow_id),
    unique (workspace_id, slug),
    foreign key (workspace_id, slug) references taken_slug
  )`,
  `alter table agent_user add column agent_node_name text not null default ''`,
  `alter table service_key add column host text, add column host_instance text,
    add check ((host is null) = (host_instance is null))`,
];
