import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../../server/database/open-database.ts";
import { createLogger } from "../../../server/logger.ts";
import { readSettings } from "../../../server/settings.ts";
import { startServer } from "../../../server/start-server.ts";
import { random } from "../../support/seeded-random.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const cli = join(import.meta.dirname, "../../../server/cli.ts");

/** `totem audit …` as a process of its own. */
const audit = (args: string[], env: Record<string, string>) =>
  new Promise<{ code: number; out: string; errors: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [cli, "audit", ...args],
      { env: { ...process.env, DATABASE_URL: undefined, ...env } as NodeJS.ProcessEnv },
      (_error, out, errors) => resolve({ code: child.exitCode ?? -1, out, errors }),
    );
  });

it("G8: totem audit verify says that a log is whole, waits for its folder, and ends with 3 where an end was removed", async () => {
  const folder = temporaryFolder();
  const env = { TOTEM_DATA: folder, TOTEM_MASTER_KEY: random.bytes(32).toString("base64") };
  const settings = readSettings({
    ...env,
    TOTEM_PORT: "0",
    TOTEM_ADMIN_KEY: random.bytes(24).toString("base64url"),
  });
  const server = await startServer(settings, { logger: createLogger("silent") });
  const stopped = { done: false };
  const stop = async () => {
    if (!stopped.done) await server.stop();
    stopped.done = true;
  };
  onTestFinished(stop);
  const busy = await audit(["verify"], env);
  expect(busy).toMatchObject({ code: 1, errors: expect.stringContaining("Stop it to verify the log") });

  // An orderly stop seals everything, and stores the newest seal beside the database.
  await stop();
  const whole = await audit(["verify", "--json"], env);
  expect(JSON.parse(whole.out)).toMatchObject({
    workspace: "default",
    fault: null,
    unsealed: { rows: 0 },
    witnesses: 1,
  });
  expect(whole.code).toBe(0);

  const database = await openDatabase({ dataFolder: folder });
  await sql`alter table audit_seal disable trigger only_added`.execute(database.kysely);
  await sql`delete from audit_seal`.execute(database.kysely);
  await database.close();
  const cut = await audit(["verify"], env);
  expect(cut).toMatchObject({
    code: 3,
    out: expect.stringContaining("NOT WHOLE: The end of the chain was removed"),
  });

  // A server that starts on it seals new rows, and keeps what shows that others were removed.
  const next = await startServer(settings, { logger: createLogger("silent") });
  await next.stop();
  expect(await audit(["verify"], env)).toMatchObject({ code: 3, out: expect.stringContaining("NOT WHOLE") });

  const [name = ""] = readdirSync(join(folder, "audit-seals"));
  expect(JSON.parse(readFileSync(join(folder, "audit-seals", name), "utf8"))).toHaveProperty("signature");
});

it("G8: totem audit explains itself and refuses what it does not know", async () => {
  expect(await audit(["verify", "--help"], {})).toMatchObject({
    code: 0,
    out: expect.stringContaining("Usage: totem audit verify"),
  });
  expect(await audit(["verify", "--sael", "x"], {})).toMatchObject({ code: 2, out: "" });
});
