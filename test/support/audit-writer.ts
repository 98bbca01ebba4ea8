/**
 * Writes rows of the log until it is killed, and seals them: `node audit-writer.ts <url> <master key> <writers> <rows a
 * statement> <workspace>…`. Prints how many rows it has written.
 */
import { sql } from "kysely";
import { auditRow } from "../../server/audit/audit-log.ts";
import { Sealer } from "../../server/audit/chain/sealer.ts";
import { systemClock } from "../../server/clock.ts";
import { openDatabase } from "../../server/database/open-database.ts";
import { localKeys } from "../../server/secrets/key-provider.ts";
import { KeyRing, parseMasterKey } from "../../server/secrets/key-ring.ts";

const [databaseUrl, masterKey = "", writers = "1", perStatement = "1", ...workspaces] = process.argv.slice(2);
const database = await openDatabase({ databaseUrl, poolSize: Number(writers) });
const { kysely: db, background } = database;
const keyRing = new KeyRing(localKeys(parseMasterKey(masterKey)), (id) =>
  db.selectFrom("data_key").select(["version", "wrapped_key"]).where("workspace_id", "=", id).execute(),
);
const sealer = new Sealer({
  db: background,
  clock: systemClock,
  keyRing,
  onError: (error) => {
    process.stderr.write(`${error}\n`);
  },
});
let written = 0;

const rowsOf = (turn: number) =>
  Array.from({ length: 1 + ((turn * 7) % Number(perStatement)) }, (_, index) =>
    auditRow({
      workspaceId: workspaces[(turn + index) % workspaces.length] ?? "",
      at: systemClock.now(),
      actor: { kind: "person", id: `person ${index % 5}`, name: "Ada “L”", role: "owner", ip: "10.0.0.1" },
      action: "code.read",
      subject: { kind: "agent_user", id: `agent_${turn}_${index}` },
      counter: 58_000_000 + turn,
      ...(index % 2 === 0 ? { workflowId: "flow", nodeId: "node", reason: "weil\nes\tmuß 😀" } : {}),
    }),
  );

/** Statements, transactions that end late, and some that are rolled back: their ids never come. */
async function writeForEver(writer: number): Promise<void> {
  for (let turn = writer * 1_000_003; ; turn++) {
    const rows = rowsOf(turn);
    if (turn % 10 < 8) await db.insertInto("audit_event").values(rows).execute();
    else
      await db
        .transaction()
        .execute(async (trx) => {
          await trx.insertInto("audit_event").values(rows).execute();
          await sql`select pg_sleep(0.02)`.execute(trx);
          if (turn % 10 === 9) throw new Rollback();
        })
        .catch((error: unknown) => {
          if (!(error instanceof Rollback)) throw error;
        });
    if (turn % 10 === 9) continue;
    written += rows.length;
    process.stdout.write(`${written}\n`);
  }
}

class Rollback extends Error {}

sealer.start();
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => writeForEver(writer)));
