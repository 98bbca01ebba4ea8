import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Tables } from "../../server/database/tables.ts";
import { localKeys } from "../../server/secrets/key-provider.ts";
import { KeyRing, parseMasterKey } from "../../server/secrets/key-ring.ts";
import { SharedSecret } from "../../server/secrets/shared-secret.ts";
import { agentWorkflow } from "./build-workflow.ts";
import { random } from "./seeded-random.ts";

const folder = join(import.meta.dirname, "../../server/database/migrations");
const at = new Date("2026-11-01T12:00:00Z");
const hash = (text: string): string => createHash("sha256").update(text).digest("base64url");

/**
 * What the version before there were people left in a database: its migrations, and a row of each thing that must
 * still work. The statements are that version's, written down here because the code that made them is gone.
 */
export async function writeOldInstallation(
  db: Kysely<Tables>,
  { masterKey, adminKey }: { readonly masterKey: string; readonly adminKey: string },
) {
  await migrateUpTo(db, "0011-run-processes");
  const workspaceId = random.uuid();
  const keyRing = new KeyRing(localKeys(parseMasterKey(masterKey)), (id) =>
    db.selectFrom("data_key").select(["version", "wrapped_key"]).where("workspace_id", "=", id).execute(),
  );
  const { version, wrapped_key } = await keyRing.newDataKey(workspaceId);
  await sql`insert into workspace values (${workspaceId}, 'default', ${at})`.execute(db);
  await sql`insert into data_key values (${workspaceId}, ${version}, ${wrapped_key}, ${at})`.execute(db);

  const key = `totem_key_${random.bytes(32).toString("base64url")}`;
  await sql`insert into service_key (id, workspace_id, name, scopes, key_hash, created_at)
    values (${random.uuid()}, ${workspaceId}, 'old robot', ${["workflows:read", "runs:write", "vault:read"]}, ${hash(key)}, ${at})`.execute(
    db,
  );
  const token = `totem_session_${random.bytes(32).toString("base64url")}`;
  await sql`insert into studio_session (id, workspace_id, token_hash, created_at, expires_at)
    values (${random.uuid()}, ${workspaceId}, ${hash(`${hash(token)}.${hash(adminKey)}`)}, ${at}, '2036-01-01')`.execute(
    db,
  );

  const secret = random.bytes(20);
  const context = { table: "second_step", rowId: workspaceId, column: "sealed_secret" };
  const keys = await keyRing.forWorkspace(workspaceId);
  const sealed = new SharedSecret(Buffer.from(secret)).useBytes((bytes) => keys.seal(context, bytes));
  await sql`insert into second_step (workspace_id, sealed_secret, last_counter, failures_in_a_row, confirmed_at)
    values (${workspaceId}, ${sealed}, -1, 0, ${at})`.execute(db);
  await sql`insert into second_step_backup_code (workspace_id, code_hash)
    values (${workspaceId}, ${hash(`${workspaceId} aaaaa-bbbbb`)})`.execute(db);

  const entryId = random.uuid();
  const stored = { table: "vault_entry", rowId: entryId, column: "sealed_data" };
  const data = keys.seal(stored, JSON.stringify({ username: "ada", url: "https://old.example/login" }));
  await sql`insert into vault_entry (id, workspace_id, owner_kind, owner_id, name, type, sealed_data, created_at)
    values (${entryId}, ${workspaceId}, 'administrator', ${workspaceId}, 'old login', 'LOGIN', ${data}, ${at})`.execute(
    db,
  );

  const workflowId = random.uuid();
  const { nodes, edges } = agentWorkflow([{ say: "Still here." }]);
  // No node had a word of it: the code itself was all that a tool gave.
  for (const { data } of nodes) delete (data.config as { reveal?: unknown }).reveal;
  await sql`insert into taken_slug (workspace_id, slug) values (${workspaceId}, 'old')`.execute(db);
  await sql`insert into workflow (id, workspace_id, slug, name, version, created_at, updated_at)
    values (${workflowId}, ${workspaceId}, 'old', 'Old', 1, ${at}, ${at})`.execute(db);
  await sql`insert into workflow_version (workflow_id, version, nodes, edges, created_at)
    values (${workflowId}, 1, ${JSON.stringify(nodes)}, ${JSON.stringify(edges)}, ${at})`.execute(db);
  return { key, cookie: `__Host-totem=${token}`, secret, backupCode: "aaaaa-bbbbb" };
}

async function migrateUpTo(db: Kysely<Tables>, last: string): Promise<void> {
  const names = readdirSync(folder)
    .map((file) => file.replace(/\.ts$/, ""))
    .filter((name) => name <= last)
    .sort();
  const found = await Promise.all(
    names.map(async (name) => [name, (await import(join(folder, `${name}.ts`))) as Migration] as const),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => Object.fromEntries(found) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
