import { type Kysely, sql } from "kysely";
import type { About, SettingState } from "../../plugin/api/settings.ts";
import type { Clock } from "../clock.ts";
import { mayOnlyAdd } from "../database/prepare-schema.ts";
import type { Tables } from "../database/tables.ts";
import { skewSeconds } from "../vault/issue-service-code.ts";
import { deadAfterSeconds } from "../workflow/heartbeat.ts";

export interface AboutParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  /** What does not change while the process runs. */
  readonly process: {
    readonly version: string;
    readonly startedAt: Date;
    readonly databaseKind: "pglite" | "postgres";
  };
}

type Check = About["checks"][number];

/** Which server this is and how it is: for operators, without paths and without what other workspaces do. */
export async function readAbout(
  { db, clock, process: own }: AboutParts,
  workspaceId: string,
): Promise<About> {
  const { rows } = await sql<{ version: string; now: Date; migration: string }>`
    select current_setting('server_version') as version, clock_timestamp() as now,
      (select max(name) from kysely_migration) as migration`.execute(db);
  const [facts] = rows;
  const now = clock.now();
  const embedded = own.databaseKind === "pglite";
  return {
    version: own.version,
    node_version: process.versions.node,
    started_at: own.startedAt.toISOString(),
    uptime_seconds: Math.max(0, Math.floor((now.getTime() - own.startedAt.getTime()) / 1000)),
    database: {
      kind: embedded ? "embedded" : "postgresql",
      version: (facts?.version ?? "").split(" ")[0] ?? "",
      migration: facts?.migration ?? "",
    },
    checks: [
      check("Database", "ok", embedded ? "Embedded, in the data folder." : "PostgreSQL answers."),
      clockCheck(skewSeconds(facts?.now ?? now, now)),
      await runsCheck(db, { workspaceId, embedded }),
      await logCheck(db, embedded),
    ],
  };
}

const check = (name: string, state: SettingState, text: string): Check => ({ name, state, text });

const clockCheck = (skew: number | null): Check =>
  skew === null
    ? check("Clock", "ok", "This server's clock and the database's agree.")
    : check(
        "Clock",
        "failed",
        `This server's clock differs from the database's by ${Math.abs(skew)} seconds. Codes may be refused where they are used: set both clocks by NTP.`,
      );

/** Whether there is a process that executes runs, and how much waits for one. */
async function runsCheck(
  db: Kysely<Tables>,
  { workspaceId, embedded }: { readonly workspaceId: string; readonly embedded: boolean },
): Promise<Check> {
  const { rows } = await sql<{ queued: number; running: number; waiting: number; processes: number }>`
    select count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'running') as running,
      count(*) filter (where status = 'waiting') as waiting,
      (select count(*) from run_process where seen_at > clock_timestamp() - make_interval(secs => ${deadAfterSeconds}))
        as processes
    from workflow_run where workspace_id = ${workspaceId} and status in ('queued', 'running', 'waiting')`.execute(
    db,
  );
  const { queued = 0, running = 0, waiting = 0, processes = 0 } = rows[0] ?? {};
  const counts = `${queued} queued, ${running} running, ${waiting} waiting.`;
  if (!embedded && processes === 0)
    return check("Runs", "failed", `No process executes runs: start a server or a worker. ${counts}`);
  const who =
    embedded || processes === 1 ? "One process executes runs" : `${processes} processes execute runs`;
  return check("Runs", "ok", `${who}. ${counts}`);
}

async function logCheck(db: Kysely<Tables>, embedded: boolean): Promise<Check> {
  if (embedded)
    return check(
      "Audit log",
      "ok",
      "One role in the embedded database: a trigger refuses changes of the log.",
    );
  if (await mayOnlyAdd(db))
    return check(
      "Audit log",
      "ok",
      "The server's database role can add rows to the log, and not change or remove any.",
    );
  return check(
    "Audit log",
    "warning",
    "One database role: it owns the log, and only a trigger refuses changes. Set TOTEM_MIGRATION_DATABASE_URL to run the server as another role.",
  );
}
