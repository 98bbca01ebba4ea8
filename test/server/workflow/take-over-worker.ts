/** A worker as a process of its own, for tests that kill it: `node take-over-worker.ts <url> <master key> <calls file>`. */
import { appendFileSync } from "node:fs";
import { systemClock } from "../../../server/clock.ts";
import { openDatabase } from "../../../server/database/open-database.ts";
import { localKeys } from "../../../server/secrets/key-provider.ts";
import { KeyRing, parseMasterKey } from "../../../server/secrets/key-ring.ts";
import type { ToolExecutors } from "../../../server/workflow/node-executor.ts";
import { createRunEngine } from "../../../server/workflow/run-engine.ts";
import { fetchModelAt } from "../../support/test-egress.ts";

const [databaseUrl, masterKey = "", callsFile = "", mode] = process.argv.slice(2);
const database = await openDatabase({ databaseUrl });
const db = database.kysely;
const keys = new KeyRing(localKeys(parseMasterKey(masterKey)), (id) =>
  db.selectFrom("data_key").select(["version", "wrapped_key"]).where("workspace_id", "=", id).execute(),
);
const note = (tool: string) => appendFileSync(callsFile, `${mode} ${tool}\n`);
const say = (line: string) => process.stdout.write(`${line}\n`);
const executors = {
  create_agent_user: async () => {
    note("create_agent_user");
    return {
      success: true,
      username: "agent_x",
      api_key: "k",
      api_base_url: "",
      purpose: "",
      already_existed: false,
    };
  },
  get_totp_code: async () => {
    note("get_totp_code");
    say("between two calls");
    if (mode === "hanging") await new Promise(() => {});
    return { success: true, username: "agent_x", totp_code: "483291", expires_in: 20, period: 30 };
  },
} as unknown as ToolExecutors;
const log = { warn: () => {}, error: (_: unknown, message: string) => say(message) };
const host = { name: "totem", instance: "test" };
const engine = createRunEngine({
  database,
  keys,
  clock: systemClock,
  log,
  executors,
  host,
  fetchModel: fetchModelAt(),
});
await engine.start({ work: true });
say("working");
