import { readSettings } from "../settings.ts";
import { startServer } from "../start-server.ts";
import { untilStopped } from "./until-stopped.ts";

/** `totem start`: server, studio and a worker in one process. */
export async function start(): Promise<number> {
  const settings = readSettings(process.env);
  const server = await startServer(settings);
  process.stdout.write(`Totem is ready at ${server.url}\n`);
  if (server.signInLink)
    process.stdout.write(`Open the studio (works once, for an hour): ${server.signInLink}\n`);
  if (server.smtpPort !== undefined) process.stdout.write(`Mail is taken on port ${server.smtpPort}\n`);
  if (server.adminKeyFile) process.stdout.write(`Administrator's key for the API: ${server.adminKeyFile}\n`);
  await untilStopped(server.stop);
  return 0;
}
