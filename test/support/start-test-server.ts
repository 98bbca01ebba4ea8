import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkflowEdge, WorkflowNode } from "../../plugin/workflow.ts";
import type { Clock } from "../../server/clock.ts";
import type { ResolveName } from "../../server/egress/checked-lookup.ts";
import { createLogger } from "../../server/logger.ts";
import { readSettings } from "../../server/settings.ts";
import { startServer } from "../../server/start-server.ts";
import { openTestDatabase } from "./open-test-database.ts";
import { random } from "./seeded-random.ts";

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly headers: Headers;
  readonly text: string;
}

export interface TestServerOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Asks for the addresses of a name; the system's own without it. */
  readonly resolveName?: ResolveName;
}

/** A client of the server at this address. */
export const clientOf =
  (url: string) =>
  async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: "manual",
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : text,
    };
  };

/** A whole server on a free port and a fresh database, all its log lines, and a client for it. */
export async function startTestServer({ settings = {}, clock, resolveName }: TestServerOptions = {}) {
  const database = await openTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), "totem-server-"));
  const adminKey = random.bytes(24).toString("base64url");
  const log: string[] = [];
  const server = await startServer(
    readSettings({
      TOTEM_PORT: "0",
      TOTEM_DATA: folder,
      TOTEM_ADMIN_KEY: adminKey,
      TOTEM_MASTER_KEY: random.bytes(32).toString("base64"),
      ...settings,
    }),
    {
      database,
      clock,
      resolveName,
      logger: createLogger("debug", { write: (line: string) => void log.push(line) }),
    },
  );

  const send = clientOf(server.url);
  /** A client that sends one key with everything. */
  const as =
    (key: string) =>
    (method: string, path: string, body?: unknown): Promise<Answer> =>
      send(method, `/api/v1${path}`, body, { authorization: `Bearer ${key}` });
  const api = as(adminKey);

  return {
    ...server,
    database,
    adminKey,
    log,
    send,
    as,
    api,
    /** Saves a workflow and returns its slug. */
    async addWorkflow(
      graph: { nodes: WorkflowNode[]; edges: WorkflowEdge[] },
      name = "Test flow",
    ): Promise<string> {
      return (await api("POST", "/workflows", { name, ...graph })).body.slug;
    },
    call: (slug: string, node: string, args: object = {}, callerNodeId?: string) =>
      api("POST", `/workflows/${slug}/nodes/${node}/call`, {
        arguments: args,
        ...(callerNodeId ? { caller_node_id: callerNodeId } : {}),
      }),
    async stop(): Promise<void> {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;
