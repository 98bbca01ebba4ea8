import { PluginError } from "../../plugin/plugin-error.ts";
import { readSettings } from "../settings.ts";
import { startWorker } from "../start-server.ts";
import { untilStopped } from "./until-stopped.ts";

/** `totem worker`: works on runs and listens on no port. */
export async function work(): Promise<number> {
  const settings = readSettings(process.env);
  if (settings.DATABASE_URL === undefined) {
    throw new PluginError("SETTING_INVALID", {
      message: "A worker shares a PostgreSQL with its server: set DATABASE_URL.",
    });
  }
  const worker = await startWorker(settings);
  process.stdout.write("Totem worker is ready\n");
  await untilStopped(worker.stop);
  return 0;
}
