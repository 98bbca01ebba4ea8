import { PluginError } from "../../plugin/plugin-error.ts";
import { readSettings } from "../settings.ts";
import { type RunningServer, startServer, startWorker } from "../start-server.ts";

/** `totem start`: server, studio and a worker in one process. */
export async function start(): Promise<number> {
  const settings = readSettings(process.env);
  const server = await startServer(settings);
  process.stdout.write(`Totem is ready at ${server.url}\n`);
  showSignInLink(server);
  if (server.smtpPort !== undefined) process.stdout.write(`Mail is taken on port ${server.smtpPort}\n`);
  if (server.adminKeyFile) process.stdout.write(`Administrator's key for the API: ${server.adminKeyFile}\n`);
  await untilStopped(server.stop);
  return 0;
}

/** Only a terminal forgets what it shows: the output of a service or a container is stored, and others read it. */
function showSignInLink({ studioUrl, signInLink, storeSignInLink }: RunningServer): void {
  if (studioUrl === undefined) return;
  if (signInLink === undefined)
    return void process.stdout.write(`Sign in at ${studioUrl} (for a link: totem people link <email>)\n`);
  if (process.stdout.isTTY)
    return void process.stdout.write(`Open the studio (works once, for an hour): ${signInLink}\n`);
  try {
    process.stdout.write(`The link to the studio (works once, for an hour) is in: ${storeSignInLink()}\n`);
  } catch {
    process.stdout.write("The link to the studio could not be written. Make one with: totem people link\n");
  }
}

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

/** Waits for a signal, then stops. A second signal ends the process at once. */
function untilStopped(stop: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const onSignal = () => {
      if (stopping) process.exit(1);
      stopping = true;
      stop().then(resolve, reject);
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
