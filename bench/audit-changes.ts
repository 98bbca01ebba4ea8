import { type RawBuilder, sql } from "kysely";

/** One bit in each column of the log and of its seals, and rows removed, moved and added. */

export interface Change {
  readonly what: string;
  readonly kinds: readonly string[];
  readonly statement: (row: {
    readonly id: number;
    readonly index: number;
    readonly first: number;
  }) => RawBuilder<unknown>;
}

const flippedText = (column: string) =>
  sql.raw(`coalesce(overlay(${column} placing chr(ascii(${column}) # 1) from 1 for 1), 'x')`);
const flippedUuid = (column: string) =>
  sql.raw(`coalesce(encode(set_byte(uuid_send(${column}), 15, get_byte(uuid_send(${column}), 15) # 1), 'hex')::uuid,
    gen_random_uuid())`);

const texts = [
  "actor_kind",
  "actor_id",
  "actor_name",
  "actor_role",
  "on_behalf_of",
  "action",
  "subject_kind",
  "subject_id",
  "reason",
  "workflow_id",
  "node_id",
  "ip",
];
const inRow = (column: string, value: RawBuilder<unknown>): Change => ({
  what: `audit_event.${column}`,
  kinds: ["changed"],
  statement: ({ id }) => sql`update audit_event set ${sql.ref(column)} = ${value} where id = ${id}`,
});
const inSeal = (column: string, value: string): Change => ({
  what: `audit_seal.${column}`,
  kinds: ["seal", "link", "removed", "changed", "key", "moved"],
  statement: ({ id }) =>
    sql`update audit_seal set ${sql.ref(column)} = ${sql.raw(value)} where ${id}::bigint = any(event_ids)`,
});

export const changes: readonly Change[] = [
  ...texts.map((column) => inRow(column, flippedText(column))),
  inRow("at", sql`at + interval '1 microsecond'`),
  inRow("result", sql`case result when 'ok' then 'refused' else 'ok' end`),
  inRow("counter", sql`counter # 1`),
  inRow("run_id", flippedUuid("run_id")),
  inRow("workspace_id", flippedUuid("workspace_id")),
  {
    what: "a row removed",
    kinds: ["removed"],
    statement: ({ id }) => sql`delete from audit_event where id = ${id}`,
  },
  {
    what: "a row given another id",
    kinds: ["removed"],
    statement: ({ id }) => sql`update audit_event set id = 8000000000 where id = ${id}`,
  },
  {
    what: "a row added",
    kinds: ["added"],
    statement: ({
      id,
    }) => sql`insert into audit_event (id, workspace_id, at, actor_kind, actor_id, action, result)
      overriding system value select -id, workspace_id, at, actor_kind, actor_id, action, result
      from audit_event where id = ${id}`,
  },
  {
    what: "a link",
    kinds: ["link"],
    statement: ({
      id,
      index,
    }) => sql`update audit_seal set hashes = set_byte(hashes, ${index * 32 + 7}, get_byte(hashes, ${index * 32 + 7}) # 1)
      where ${id}::bigint = any(event_ids)`,
  },
  {
    what: "a seal removed",
    kinds: ["removed"],
    statement: ({ id }) => sql`delete from audit_seal where ${id}::bigint = any(event_ids)`,
  },
  inSeal("last_sequence", "last_sequence # 1"),
  inSeal("first_sequence", "first_sequence # (1::bigint << 40)"),
  inSeal(
    "event_ids",
    "array_append(event_ids[1:array_length(event_ids, 1) - 1], event_ids[array_length(event_ids, 1)] # 1)",
  ),
  inSeal("last_event_id", "last_event_id # 1"),
  inSeal("settled_id", "settled_id # 1"),
  inSeal("found_unsealed", "found_unsealed # 1"),
  inSeal("sealed_at", "sealed_at + interval '1 microsecond'"),
  inSeal("key_id", "overlay(key_id placing chr(ascii(key_id) # 1) from 1 for 1)"),
  inSeal("signature", "overlay(signature placing chr(ascii(signature) # 1) from 1 for 1)"),
];
