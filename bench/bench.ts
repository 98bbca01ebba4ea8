/** `npm run bench`: every figure against a floor measured in the same run, on a PostgreSQL of its own. */
import { startEmbeddedPostgres } from "../test/support/embedded-postgres.ts";
import { benchAudit } from "./audit.ts";
import { benchExecutor } from "./executor.ts";
import { benchHostCalls } from "./host-calls.ts";
import { benchHttp } from "./http.ts";
import { benchReading } from "./reading.ts";
import { benchRefusals } from "./refusals.ts";
import { benchRuns } from "./runs.ts";
import { benchStartUp } from "./start-up.ts";
import { benchVault } from "./vault.ts";

const benches = {
  audit: benchAudit,
  executor: benchExecutor,
  http: benchHttp,
  "host-calls": benchHostCalls,
  runs: benchRuns,
  reading: benchReading,
  refusals: benchRefusals,
  vault: benchVault,
  "start-up": benchStartUp,
} as const;
const wanted = process.argv.slice(2);

const postgres = await startEmbeddedPostgres();
try {
  process.stdout.write(
    "PostgreSQL 18 on loopback, synchronous_commit off on both sides of every comparison.\n\n",
  );
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length === 0 || wanted.includes(name)) await bench(postgres.url);
  }
} finally {
  await postgres.remove();
}
