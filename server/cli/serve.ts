import { parseArgs } from "node:util";
import { PluginError } from "../../plugin/plugin-error.ts";
import { readSettings } from "../settings.ts";
import {
  type RunningProxy,
  type RunningServer,
  startProxy,
  startServer,
  startWorker,
} from "../start-server.ts";

/** `totem start`: server, studio and a worker in one process. */
export async function start(): Promise<number> {
  const settings = readSettings(process.env);
  const server = await startServer(settings);
  process.stdout.write(`Totem is ready at ${server.url}\n`);
  showSignInLink(server);
  if (server.smtpPort !== undefined) process.stdout.write(`Mail is taken on port ${server.smtpPort}\n`);
  if (server.proxy) showProxy(server.proxy);
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

const proxyUsage = `Usage: totem proxy

An HTTP proxy for agents that are programs, beside the servers of a PostgreSQL. It puts secrets that a program
names, such as {{vault.github.token}}, into requests to the origins of their entries. With the embedded database
it runs inside of totem start: set TOTEM_PROXY_PORT there.

Settings: DATABASE_URL, TOTEM_MASTER_KEY, TOTEM_PROXY_PORT (4181), TOTEM_PROXY_HOST (127.0.0.1), TOTEM_ALLOWED_URLS,
TOTEM_PRIVATE_URLS, TOTEM_DATA (the certificate is written there). See totem --help.

A program: HTTPS_PROXY=http://<agent user>:<credential>@127.0.0.1:4181 NODE_EXTRA_CA_CERTS=<TOTEM_DATA>/proxy-ca.pem
`;

/** `totem proxy`: only the proxy. */
export async function proxy(): Promise<number> {
  const { values } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) {
    process.stdout.write(proxyUsage);
    return 0;
  }
  const settings = readSettings(process.env);
  if (settings.DATABASE_URL === undefined)
    throw new PluginError("SETTING_INVALID", {
      message:
        "With the embedded database the proxy runs inside of the server: set TOTEM_PROXY_PORT=4181 and start totem start. For a process of its own set DATABASE_URL.",
    });
  const running = await startProxy(settings);
  showProxy(running);
  await untilStopped(running.stop);
  return 0;
}

function showProxy({ url, certificateFile }: RunningProxy): void {
  process.stdout.write(`The proxy for programs is ready at ${url}\n`);
  process.stdout.write(`Programs must trust the certificate in: ${certificateFile}\n`);
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
