/** A process that streams, for a test that kills it: `node stream-process.ts <database url> <address>`. */
import { createAuditStreams } from "../../../server/audit-streams/audit-streams.ts";
import { readStream } from "../../../server/audit-streams/stream-settings.ts";
import { systemClock } from "../../../server/clock.ts";
import { openDatabase } from "../../../server/database/open-database.ts";
import { waysTo } from "../../support/stream-ways.ts";

const [databaseUrl, address = ""] = process.argv.slice(2);
const database = await openDatabase({ databaseUrl });
createAuditStreams({
  db: database.background,
  clock: systemClock,
  settings: [readStream(address)],
  ways: waysTo(address),
  version: "1",
  log: { warn: () => {} },
  // Held for a moment only, so that the next one takes over soon.
  times: { everyMs: 5, holdMs: 1_500, backOffMs: 5 },
}).start();
process.stdout.write("streaming\n");
