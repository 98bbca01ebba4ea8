import { createHash } from "node:crypto";
import { type CompiledQuery, type Kysely, type RawBuilder, sql } from "kysely";
import type { Tables } from "./tables.ts";

/** A placeholder for a value in a statement that is built before the value is known. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Marks a text that PostgreSQL should parse once per connection; see `PreparingClient`. */
const mark = "/* prepared */ ";

export const isPrepared = (text: string): boolean => text.startsWith(mark);

const names = new Map<string, string>();

/** A name that is the same for the same text, in every process. PostgreSQL cuts names at 63 bytes. */
export function preparedName(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `totem_${createHash("sha256").update(text).digest("hex").slice(0, 40)}`;
  names.set(text, name);
  return name;
}

type Shortcut = (query: { name: string; text: string; values: unknown[] }) => Promise<{ rows: unknown[] }>;
const shortcuts = new WeakMap<object, Shortcut>();

/**
 * Sends the compiled statements of this database straight to the driver. On the path of each tool call the query
 * builder would be the largest cost left. A transaction is another object and does not use this.
 */
export const addShortcut = (db: Kysely<Tables>, shortcut: Shortcut): void => void shortcuts.set(db, shortcut);

/**
 * A statement that is built once and run often. For the few statements on the path of each tool call, a new text each
 * time would cost more than the rest of our work. `value(name)` is a placeholder for a field of the input.
 *
 * @example
 * const find = compileStatement<{ id: string }, { name: string }>((value) => sql`select name from workspace where id = ${value("id")}`);
 * const rows = await find(db, { id });
 */
export function compileStatement<Input extends object, Row>(
  build: (
    value: <Name extends keyof Input & string>(name: Name) => RawBuilder<Input[Name]>,
  ) => RawBuilder<Row>,
): (db: Kysely<Tables>, input: Input) => Promise<readonly Row[]> {
  let compiled: CompiledQuery<Row> | undefined;
  return async (db, input) => {
    compiled ??= sql<Row>`${sql.raw(mark)}${build((name) => sql`${new Placeholder(name)}`)}`.compile(db);
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Placeholder ? input[parameter.name as keyof Input] : parameter,
    );
    const shortcut = shortcuts.get(db);
    if (!shortcut) return (await db.executeQuery<Row>({ ...compiled, parameters })).rows;
    return (await shortcut({ name: preparedName(compiled.sql), text: compiled.sql, values: parameters }))
      .rows as Row[];
  };
}
