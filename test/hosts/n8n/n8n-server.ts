import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { freePort } from "../free-port.ts";
import { type Program, runProgram, startProgram } from "../program.ts";
import type { BuiltPackage } from "./build-package.ts";

export interface N8n {
  readonly url: string;
  /** n8n's own folder: its database, its log, its settings. */
  readonly folder: string;
  /** A request of the editor's own interface, signed in as the owner; gives what is in `data`. */
  rest<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** The header that a browser must send to be signed in. */
  cookie(): string;
  output(): string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** An `n8n` command beside the server, for which the server must be down. */
  command(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }>;
  remove(): Promise<void>;
}

export const owner = { email: "owner@example.com", password: "Only-for-this-test-1" };

/** A real n8n on loopback with an empty database, our package in the place where n8n installs packages. */
export async function startN8n(installed: string, built: BuiltPackage): Promise<N8n> {
  const folder = mkdtempSync(join(tmpdir(), "totem-n8n-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = environment(folder, port, await freePort());
  const script = join(installed, "node_modules/n8n/bin/n8n");
  installPackage(folder, built);
  let server: Program | undefined;
  let earlier = "";
  let cookie = "";

  const rest = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}/rest${path}`, {
      method,
      headers: { "content-type": "application/json", "browser-id": "test", cookie },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const set = answer.headers.getSetCookie().find((one) => one.startsWith("n8n-auth="));
    if (set) cookie = set.split(";")[0] ?? "";
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 1000)}`);
    return (JSON.parse(text) as { data: T }).data;
  };
  const start = async (): Promise<void> => {
    server ??= await startProgram(process.execPath, [script, "start"], {
      env,
      folder,
      readyAt: `${url}/rest/settings`,
      // Until it is up, it answers everything with 200 and a sentence.
      isReady: ({ headers }) => headers.get("content-type")?.includes("json") === true,
    });
  };
  const stop = async (): Promise<void> => {
    await server?.stop();
    earlier += server?.output() ?? "";
    server = undefined;
  };
  await start();
  await rest("POST", "/owner/setup", { ...owner, firstName: "Owner", lastName: "Owner" });
  return {
    url,
    folder,
    rest,
    start,
    stop,
    cookie: () => cookie,
    output: () => earlier + (server?.output() ?? ""),
    command: async (args) => {
      const program = runProgram(process.execPath, [script, ...args], { env, folder });
      return { code: await program.ended, output: program.output() };
    },
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As `npm install` in that folder would: what is published, and nothing of its development. */
function installPackage(folder: string, { name, folder: from }: BuiltPackage): void {
  const target = join(folder, ".n8n/nodes/node_modules", name);
  mkdirSync(target, { recursive: true });
  cpSync(from, target, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
}

/** Nothing of it may ask anybody outside of this machine. */
const environment = (folder: string, port: number, brokerPort: number): Record<string, string> => ({
  N8N_USER_FOLDER: folder,
  N8N_PORT: String(port),
  N8N_LISTEN_ADDRESS: "127.0.0.1",
  N8N_RUNNERS_BROKER_PORT: String(brokerPort),
  N8N_SECURE_COOKIE: "false",
  N8N_DIAGNOSTICS_ENABLED: "false",
  N8N_DIAGNOSTICS_CONFIG_FRONTEND: "",
  N8N_DIAGNOSTICS_CONFIG_BACKEND: "",
  N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
  N8N_TEMPLATES_ENABLED: "false",
  N8N_PERSONALIZATION_ENABLED: "false",
  N8N_VERIFIED_PACKAGES_ENABLED: "false",
  N8N_DISABLED_MODULES: "mcp-registry",
  EXTERNAL_FRONTEND_HOOKS_URLS: "",
});
