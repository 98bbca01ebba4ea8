import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { agentNodeCaller, systemCaller } from "../server/access/caller.ts";
import { systemActor } from "../server/audit/audit-log.ts";
import { systemClock } from "../server/clock.ts";
import { openSystem, studioHost } from "../server/open-system.ts";
import { readSettings } from "../server/settings.ts";
import { agentWorkflow } from "../test/support/build-workflow.ts";

/** A database of its own on this server, so no bench finds the data of another. */
export async function createBenchDatabase(serverUrl: string): Promise<string> {
  const name = `bench_${randomBytes(4).toString("hex")}`;
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export const benchEnvironment = (databaseUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  TOTEM_PORT: "0",
  TOTEM_LOG_LEVEL: "warn",
  TOTEM_ADMIN_KEY: "bench ".repeat(8).trim(),
  TOTEM_MASTER_KEY: randomBytes(32).toString("base64"),
  TOTEM_RATE_LIMIT: "100000000",
});

/** A system with one workflow whose agent has its account. */
export async function openBenchSystem(environment: Record<string, string>) {
  const system = await openSystem({
    settings: readSettings(environment),
    clock: systemClock,
    onError: () => {},
  });
  const workspaceId = system.defaultWorkspaceId;
  const workflow = await system.workflows.create(systemCaller(workspaceId, "bench"), {
    name: "Bench",
    ...agentWorkflow(),
  });
  const agent = agentOf(workspaceId, workflow.id);
  await system.agentUsers.enroll({ caller: agent, workflowSlug: workflow.slug, purpose: "" });
  return { system, workflow, agent };
}

/** The one agent of a workflow of the bench. */
export const agentOf = (workspaceId: string, workflowId: string) =>
  agentNodeCaller({
    workspaceId,
    location: {
      host: studioHost.name,
      hostInstance: studioHost.instance,
      workflowId,
      agentNodeId: "agent",
    },
    actor: systemActor,
  });

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** The one statement of a call, as the driver sends it. Throws if the call sends more or fewer. */
export async function overhearStatement(call: () => Promise<unknown>): Promise<Statement> {
  const heard: Statement[] = [];
  const original = Client.prototype.query;
  const listening = function (this: Client, ...args: unknown[]) {
    const [query] = args;
    if (typeof query === "object" && query !== null && "text" in query) heard.push(query as Statement);
    return (original as (...all: unknown[]) => unknown).apply(this, args);
  };
  Client.prototype.query = listening as never;
  try {
    await call();
  } finally {
    Client.prototype.query = original;
  }
  const [statement, ...more] = heard;
  if (!statement || more.length > 0) throw new Error(`Expected one statement, heard ${heard.length}.`);
  return { text: statement.text, values: statement.values };
}
