import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostWorkflow } from "../../plugin/api/host-calls.ts";
import { freePort } from "./free-port.ts";
import { type Program, startProgram } from "./program.ts";

const root = join(import.meta.dirname, "../..");

export interface TotemForHosts {
  readonly url: string;
  readonly adminKey: string;
  /** A service key for host calls, not bound yet unless `binding` says to what. */
  makeKey(binding?: { host?: string; host_instance?: string }): Promise<string>;
  /** What hosts have called for, as an administrator sees it. */
  workflows(workflowId?: string): Promise<HostWorkflow[]>;
  /** Any request of the API, as an administrator. Throws unless it answers 2xx. */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Everything the server has printed, over all its starts. */
  output(): string;
  /** Goes down; `start` brings it up again at the same address with the same data. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** `totem start` as a process of its own, on a folder that goes with it. */
export async function startTotemForHosts(): Promise<TotemForHosts> {
  const folder = mkdtempSync(join(tmpdir(), "totem-hosts-"));
  const adminKey = randomBytes(24).toString("base64url");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    TOTEM_PORT: String(port),
    TOTEM_DATA: folder,
    TOTEM_ADMIN_KEY: adminKey,
    TOTEM_MASTER_KEY: randomBytes(32).toString("base64"),
    TOTEM_LOG_LEVEL: "debug",
  };
  let program: Program | undefined;
  let earlier = "";
  let keys = 0;
  const start = async (): Promise<void> => {
    program ??= await startProgram(process.execPath, [join(root, "server/cli.ts"), "start"], {
      env,
      folder: root,
      readyAt: `${url}/readyz`,
    });
  };
  const stop = async (): Promise<void> => {
    await program?.stop();
    earlier += program?.output() ?? "";
    program = undefined;
  };
  const api = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  await start();
  return {
    url,
    adminKey,
    start,
    stop,
    api,
    output: () => earlier + (program?.output() ?? ""),
    makeKey: async (binding = {}) => {
      keys++;
      const body = { name: `Host ${keys}`, scopes: ["hosts:call"], ...binding };
      return ((await api("POST", "/keys", body)) as { key: string }).key;
    },
    workflows: async (workflowId) => {
      const query = workflowId === undefined ? "" : `?workflow_id=${encodeURIComponent(workflowId)}`;
      return ((await api("GET", `/host-workflows${query}`)) as { workflows: HostWorkflow[] }).workflows;
    },
    remove: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
