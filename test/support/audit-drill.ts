import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { insertWorkspace } from "../../server/access/workspaces.ts";
import { Sealer } from "../../server/audit/chain/sealer.ts";
import { systemClock } from "../../server/clock.ts";
import { localKeys } from "../../server/secrets/key-provider.ts";
import { KeyRing, parseMasterKey } from "../../server/secrets/key-ring.ts";
import { openTestDatabase } from "./open-test-database.ts";
import { random } from "./seeded-random.ts";

export interface DrillSize {
  readonly rows: number;
  /** Shared by two processes. */
  readonly writers: number;
  readonly kills: number;
  readonly rowsAStatement: number;
}

const script = join(import.meta.dirname, "audit-writer.ts");

/**
 * Two processes write and seal; one after the other is killed and started again, until enough rows are there. Then
 * both are killed, and a third one seals what they left.
 */
export async function writeWhileKilled({ rows, writers, kills, rowsAStatement }: DrillSize) {
  const database = await openTestDatabase();
  const { kysely: db, url = "" } = database;
  const masterKey = random.bytes(32).toString("base64");
  const keyRing = new KeyRing(localKeys(parseMasterKey(masterKey)), (id) =>
    db.selectFrom("data_key").select(["version", "wrapped_key"]).where("workspace_id", "=", id).execute(),
  );
  const workspaceIds = [random.uuid(), random.uuid()] as const;
  for (const [index, id] of workspaceIds.entries())
    await insertWorkspace(db, {
      id,
      name: `drill ${index}`,
      at: systemClock.now(),
      dataKey: await keyRing.newDataKey(id),
    });

  let written = 0;
  const failures: string[] = [];
  const changed = new EventTarget();
  const start = () => {
    const args = [script, url, masterKey, String(writers / 2), String(rowsAStatement), ...workspaceIds];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let own = 0;
    createInterface(child.stdout).on("line", (line) => {
      written += Number(line) - own;
      own = Number(line);
      changed.dispatchEvent(new Event("rows"));
    });
    child.stderr.on("data", (text) => failures.push(String(text)));
    return child;
  };
  const kill = async (child: ReturnType<typeof start>): Promise<void> => {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  const untilWritten = async (wanted: number): Promise<void> => {
    while (written < wanted && failures.length === 0) await once(changed, "rows");
  };
  const running = [start(), start()];
  for (let turn = 1; turn < kills; turn++) {
    await untilWritten((rows * turn) / kills);
    const [oldest] = running.splice(0, 1);
    if (oldest) await kill(oldest);
    running.push(start());
  }
  await untilWritten(rows);
  await Promise.all(running.map(kill));
  if (failures.length > 0) throw new Error(`A writer failed: ${failures.join("")}`);

  const sealer = new Sealer({
    db,
    clock: systemClock,
    keyRing,
    onError: (error) => {
      throw error;
    },
  });
  await sealer.sealAll();
  return { database, db, keyRing, masterKey, workspaceIds };
}
