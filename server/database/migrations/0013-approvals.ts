import { type Kysely, sql } from "kysely";

/**
 * Questions to people: may this call read this code? A vault entry and an agent user may each say who is asked. The
 * questions from before lived for 15 minutes and go. `subject_id` is no foreign key: a question outlives its entry.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `drop table vault_approval`,
  `alter table vault_entry add column ask jsonb`,
  `alter table agent_user add column ask jsonb`,
  `create table approval (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    subject_kind text not null check (subject_kind in ('vault_entry', 'agent_user')),
    subject_id uuid not null,
    subject_name text not null,
    grant_id uuid,
    call_key text not null,
    reader text not null,
    workflow_id text,
    run_id uuid,
    node_id text,
    reason text,
    policy jsonb not null,
    caused_by uuid[] not null,
    state text not null check (state in ('pending', 'approved', 'used', 'denied', 'expired', 'withdrawn')),
    used_by text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    decided_at timestamptz,
    message_attempts integer not null default 0,
    message_due_at timestamptz,
    message_sent_at timestamptz,
    message_problem text
  )`,
  `create unique index approval_open on approval (subject_id, call_key) where state = 'pending'`,
  `create index approval_by_call on approval (subject_id, call_key, created_at desc)`,
  `create index approval_by_run on approval (run_id) where run_id is not null`,
  `create index approval_pending on approval (workspace_id) where state = 'pending'`,
  `create index approval_newest on approval (workspace_id, created_at desc, id desc)`,
  `create table approval_answer (
    approval_id uuid not null references approval on delete cascade,
    person_id uuid not null references person,
    name text not null,
    decision text not null check (decision in ('approve', 'deny')),
    answered_at timestamptz not null,
    primary key (approval_id, person_id)
  )`,
  `create table approval_webhook (
    workspace_id uuid primary key references workspace,
    sealed_url text not null,
    host text not null,
    updated_at timestamptz not null,
    updated_by text not null
  )`,
];
