import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../plugin/plugin-error.ts";
import { studioHostName, systemCaller } from "./access/caller.ts";
import { insertWorkspace } from "./access/workspaces.ts";
import type { LocationExists } from "./agent-users/agent-account.ts";
import { createAgentUsers } from "./agent-users/agent-users.ts";
import { followGraph, followRemoval, followRestoration } from "./agent-users/follow-workflow.ts";
import type { Clock } from "./clock.ts";
import { type Database, openDatabase } from "./database/open-database.ts";
import { prepareSchema } from "./database/prepare-schema.ts";
import type { Tables } from "./database/tables.ts";
import { createHandles, type Handles } from "./handles/handles.ts";
import { hostWorkflowExists } from "./hosts/host-slugs.ts";
import { createHostWorkflows, type HostWorkflows } from "./hosts/host-workflows.ts";
import { loadKeyProvider } from "./load-keys.ts";
import { proveKeyProvider } from "./secrets/key-provider.ts";
import { KeyRing } from "./secrets/key-ring.ts";
import type { Settings } from "./settings.ts";
import { starterWorkflow } from "./starter-workflow.ts";
import { createVault, type Vault } from "./vault/vault.ts";
import { agentNodeExists } from "./workflow/workflow-rows.ts";
import { createWorkflows, type Workflows } from "./workflow/workflows.ts";

/** The host of workflows that are drawn in Totem's own studio. */
export const studioHost = { name: studioHostName, instance: "studio" } as const;

/** What a server and a worker have in common: an open database, the keys and the rooms on top of them. */
export interface System {
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly agentUsers: ReturnType<typeof createAgentUsers>;
  readonly vault: Vault;
  readonly handles: Handles;
  readonly workflows: Workflows;
  readonly hostWorkflows: HostWorkflows;
  readonly defaultWorkspaceId: string;
}

export interface OpenSystemOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
  /** A database that is open already, instead of the one the settings name. */
  readonly database?: Database | undefined;
}

/** Opens the database and proves that the master key fits it before anything is written. */
export async function openSystem(options: OpenSystemOptions): Promise<System> {
  const { settings, clock } = options;
  const database = options.database ?? (await openConfigured(options));
  try {
    const { kysely: db } = database;
    const known = await findWorkspaces(db);
    const keyProvider = loadKeyProvider(settings, known.length === 0);
    const keyRing = new KeyRing(keyProvider, (workspaceId) =>
      db
        .selectFrom("data_key")
        .select(["version", "wrapped_key"])
        .where("workspace_id", "=", workspaceId)
        .execute(),
    );
    if (known.length === 0) await proveKeyProvider(keyProvider);
    for (const { id } of known) await keyRing.forWorkspace(id);
    await prepareSchema(database, settings.TOTEM_MIGRATION_DATABASE_URL);

    const agentUsers = createAgentUsers({
      db,
      keyRing,
      clock,
      locationExists,
      window: settings.TOTEM_TOTP_WINDOW,
    });
    const inStudio = <T>(change: T) => ({
      ...change,
      host: studioHost.name,
      hostInstance: studioHost.instance,
    });
    const workflows = createWorkflows({
      db,
      clock,
      hooks: {
        onGraphSaved: (trx, change) => followGraph(trx, inStudio(change)),
        onRemoved: async (trx, change) => void (await followRemoval(trx, inStudio(change))),
        onRestored: async (trx, change) => void (await followRestoration(trx, inStudio(change))),
      },
    });
    const { id: defaultWorkspaceId, isNew } = await ensureWorkspace(db, keyRing, clock);
    if (isNew) await workflows.create(systemCaller(defaultWorkspaceId, "totem"), starterWorkflow);
    return {
      database,
      keyRing,
      agentUsers,
      vault: createVault({ db, keyRing, clock }),
      handles: createHandles({ db, keyRing, clock }),
      workflows,
      hostWorkflows: createHostWorkflows({ db, clock }),
      defaultWorkspaceId,
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openConfigured({ settings, onError }: OpenSystemOptions): Promise<Database> {
  if (settings.DATABASE_URL === undefined) makeFolder(settings.TOTEM_DATA);
  return openDatabase({
    databaseUrl: settings.DATABASE_URL,
    dataFolder: settings.TOTEM_DATA,
    poolSize: settings.TOTEM_POOL_SIZE,
    onError,
  });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PluginError("SETTING_INVALID", { message: "TOTEM_DATA: this folder cannot be made.", cause });
  }
}

/** Every workspace there is; none where the database is new. */
async function findWorkspaces(db: Kysely<Tables>): Promise<{ id: string }[]> {
  const { rows } = await sql<{
    present: boolean;
  }>`select to_regclass('workspace') is not null as present`.execute(db);
  return rows[0]?.present ? db.selectFrom("workspace").select("id").execute() : [];
}

/** The server's own workspace. Two servers that start at the same time on one database create only one. */
async function ensureWorkspace(
  db: Kysely<Tables>,
  keyRing: KeyRing,
  clock: Clock,
): Promise<{ id: string; isNew: boolean }> {
  const name = "default";
  const find = (trx: Kysely<Tables>) =>
    trx.selectFrom("workspace").select("id").where("name", "=", name).executeTakeFirst();
  const known = await find(db);
  if (known) return { ...known, isNew: false };
  const id = randomUUID();
  const dataKey = await keyRing.newDataKey(id);
  return db.transaction().execute(async (trx) => {
    if (await insertWorkspace(trx, { id, name, at: clock.now(), dataKey })) return { id, isNew: true };
    const other = await find(trx);
    if (!other) throw new PluginError("INTERNAL");
    return { ...other, isNew: false };
  });
}

/** Of another builder only the workflow is known here: the builder answers for its agents. */
const locationExists: LocationExists = (trx, location) =>
  location.host === studioHost.name ? agentNodeExists(trx, location) : hostWorkflowExists(trx, location);

const packageFile = findPackageJSON(import.meta.url) ?? "";

/** Where `npm run build` puts the studio. */
export const studioFolder = join(dirname(packageFile), "dist", "studio");

export const totemVersion = (): string => JSON.parse(readFileSync(packageFile, "utf8")).version;
