import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { openTestDatabase } from "../../support/open-test-database.ts";

const database = await openTestDatabase();
afterAll(() => database.close());

const folder = join(import.meta.dirname, "../../../server/database");
const sources = readdirSync(join(folder, "tables")).map((name) =>
  readFileSync(join(folder, "tables", name), "utf8"),
);

/** Names of our own types, and what each is once it is read. */
const aliases = new Map(
  sources.flatMap((source) =>
    [...source.matchAll(/^export type (\w+)(?:<\w+>)? =\s*([^;]+);/gm)].map(
      ([, name = "", meaning = ""]) => [name, meaning] as const,
    ),
  ),
);

/** What a column's type is when it is read: the first parameter of ColumnType, the type within Generated. */
function readType(type: string): string {
  const wrapped = /^(?:ColumnType|Generated|GeneratedAlways)<([\s\S]*)>$/.exec(type.trim())?.[1];
  if (wrapped !== undefined) return readType(firstParameter(wrapped));
  const known = aliases.get(type.trim());
  return known === undefined ? type.trim() : readType(known);
}

function firstParameter(parameters: string): string {
  let depth = 0;
  for (const [index, letter] of [...parameters].entries()) {
    if ("<{(".includes(letter)) depth++;
    if (">})".includes(letter)) depth--;
    if (letter === "," && depth === 0) return parameters.slice(0, index);
  }
  return parameters;
}

/** The rough type: what the database's own types are grouped into below. */
function rough(type: string): string {
  if (/^(Json<|Record<)/.test(type) || ["GrantPolicy", "AskPolicy", "StoredKeySet"].includes(type))
    return "json";
  if (/^Date(\[\])?$/.test(type)) return type === "Date" ? "time" : "time[]";
  if (type === "number[]") return type;
  if (/\[\]$/.test(type)) return "text[]";
  if (type === "Uint8Array") return "bytes";
  if (type === "number" || type === "boolean") return type;
  // Five types of text are declared in other rooms.
  if (
    ["string", "SealedText", "ReadingKind", "Role", "ApprovalState", "SignInWay"].includes(type) ||
    /^("\w+"(\s*\|\s*)?)+$/.test(type)
  )
    return "text";
  return `unknown: ${type}`;
}

function columnOf(type: string): string {
  const read = readType(type);
  const parts = read.split("|").map((part) => part.trim());
  const rest = parts.filter((part) => part !== "null" && part !== "");
  const meaning = rest.length === 1 ? readType(rest[0] ?? "") : rest.join(" | ");
  return `${rough(meaning)}${parts.includes("null") ? " or null" : ""}`;
}

/** Every column of every interface that `Tables` names, as "table.column: type". */
function declared(): string[] {
  const tables = readFileSync(join(folder, "tables.ts"), "utf8");
  const named = [...tables.matchAll(/^ {2}(\w+): (\w+Table);/gm)];
  return named
    .flatMap(([, table, name]) => {
      const body = sources
        .map(
          (source) => new RegExp(`^export interface ${name} \\{\\n([\\s\\S]*?)^\\}`, "m").exec(source)?.[1],
        )
        .find((found) => found !== undefined);
      if (body === undefined) throw new Error(`${name} is declared nowhere.`);
      const plain = body.replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
      return [...plain.matchAll(/^ {2}(\w+): ([^;]+);/gm)].map(
        ([, column, type = ""]) => `${table}.${column}: ${columnOf(type)}`,
      );
    })
    .sort();
}

const roughTypes: Readonly<Record<string, string>> = {
  uuid: "text",
  text: "text",
  int4: "number",
  int8: "number",
  float4: "number",
  float8: "number",
  bool: "boolean",
  jsonb: "json",
  timestamptz: "time",
  bytea: "bytes",
  _int8: "number[]",
  _text: "text[]",
  _uuid: "text[]",
  _timestamptz: "time[]",
};

async function migrated(): Promise<string[]> {
  const { rows } = await sql<{
    table_name: string;
    column_name: string;
    udt_name: string;
    is_nullable: string;
  }>`
    select table_name, column_name, udt_name, is_nullable from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely_migration%'`.execute(database.kysely);
  return rows
    .map(
      (row) =>
        `${row.table_name}.${row.column_name}: ${roughTypes[row.udt_name] ?? row.udt_name}${row.is_nullable === "YES" ? " or null" : ""}`,
    )
    .sort();
}

it("declares every table and column of the migrated database, and no other", async () => {
  const columns = declared();
  expect(columns.length).toBeGreaterThan(100);
  expect(columns).toEqual(await migrated());
});
