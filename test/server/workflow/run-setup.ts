import { sql } from "kysely";
import { afterAll } from "vitest";
import type { RunEvent, RunWithEvents } from "../../../plugin/api/runs.ts";
import type { WorkflowEdge, WorkflowNode } from "../../../plugin/workflow.ts";
import { administratorCaller, type Caller } from "../../../server/access/caller.ts";
import type { Actor } from "../../../server/audit/audit-log.ts";
import { type Clock, systemClock } from "../../../server/clock.ts";
import type { Database } from "../../../server/database/open-database.ts";
import { localKeys } from "../../../server/secrets/key-provider.ts";
import { KeyRing } from "../../../server/secrets/key-ring.ts";
import { SharedSecret } from "../../../server/secrets/shared-secret.ts";
import type { NodeExecutor, ToolCall, ToolExecutors } from "../../../server/workflow/node-executor.ts";
import { createRunEngine } from "../../../server/workflow/run-engine.ts";
import { createWorkflows } from "../../../server/workflow/workflows.ts";
import { openTestDatabase } from "../../support/open-test-database.ts";
import { random } from "../../support/seeded-random.ts";
import { fetchStandIns } from "../model/model-stand-in.ts";

export const actor: Actor = { kind: "person", id: "tester" };
export const testCaller = (workspaceId: string): Caller => ({ ...administratorCaller(workspaceId), actor });
export const code = "483291";
export const apiKey = `totem_agent_${"k".repeat(43)}`;

/** Tools that do what ours do, as far as a run can see, and remember how they were called. */
export function testExecutors(overrides: Partial<ToolExecutors> = {}) {
  const calls: { tool: string; input: unknown; call: ToolCall }[] = [];
  const noting =
    (tool: string, execute: (input: never, call: never) => unknown) =>
    async (input: unknown, call: unknown) => {
      calls.push({ tool, input, call: call as ToolCall });
      return execute(input as never, call as never);
    };
  const plain: ToolExecutors = {
    create_agent_user: async ({ purpose }) => ({
      success: true,
      username: "agent_test_agent",
      api_key: apiKey,
      api_base_url: "http://localhost",
      purpose,
      already_existed: false,
    }),
    get_totp_code: async () => ({
      success: true,
      username: "agent_test_agent",
      totp_code: code,
      expires_in: 20,
      period: 30,
    }),
    verify_totp_code: async () => ({ success: true, valid: true, username: "agent_test_agent" }),
    whoami: (async () => ({ success: true, username: "agent_test_agent" })) as unknown as NodeExecutor<never>,
    platform_api: async ({ path }) => ({ success: true, status: 200, body: { path } }),
  } as Partial<ToolExecutors> as ToolExecutors;
  const entries = Object.entries({ ...plain, ...overrides }).map(([tool, execute]) => [
    tool,
    noting(tool, execute),
  ]);
  return { executors: Object.fromEntries(entries) as ToolExecutors, calls };
}

export const node = (id: string, type: string, config: Record<string, unknown> = {}): WorkflowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config: config as WorkflowNode["data"]["config"] },
});

export const edge = (source: string, target: string, label: WorkflowEdge["label"] = ""): WorkflowEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  sourceHandle: null,
  targetHandle: null,
  label,
});

export const script = (...steps: unknown[]) => ({ provider: "scripted", steps });

/** Chat Trigger → Agent with a model of these settings and one node of each named tool. */
export function agentGraph(
  model: Record<string, unknown>,
  tools: string[] = [],
  agent: Record<string, unknown> = {},
) {
  const toolNodes = tools.map((type, index) => node(`${type}-${index}`, type));
  return {
    nodes: [
      node("chat", "trigger_chat"),
      node("agent", "agent", agent),
      node("model", "ai_model", model),
      ...toolNodes,
    ],
    edges: [
      edge("chat", "agent"),
      edge("model", "agent", "llm"),
      ...toolNodes.map((tool) => edge(tool.id, "agent", "tool")),
    ],
  };
}

export interface LogEntry {
  readonly level: "warn" | "error";
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function testLog() {
  const entries: LogEntry[] = [];
  return {
    entries,
    warn: (facts: LogEntry["facts"], message: string) => void entries.push({ level: "warn", facts, message }),
    error: (facts: LogEntry["facts"], message: string) =>
      void entries.push({ level: "error", facts, message }),
  };
}

/** A workspace with its key, on a database that is there already. */
export async function addWorkspace(database: Database, master = random.bytes(32)) {
  const db = database.kysely;
  const keys = new KeyRing(localKeys(new SharedSecret(master)), (id) =>
    db.selectFrom("data_key").select(["version", "wrapped_key"]).where("workspace_id", "=", id).execute(),
  );
  const workspaceId = random.uuid();
  const created_at = new Date();
  await db.insertInto("workspace").values({ id: workspaceId, name: workspaceId, created_at }).execute();
  await db
    .insertInto("data_key")
    .values({ workspace_id: workspaceId, ...(await keys.newDataKey(workspaceId)), created_at })
    .execute();
  return { workspaceId, keys };
}

/** The database of a test file, with a workspace; closed when the file is done. */
export async function openTestWorkspace() {
  const database = await openTestDatabase();
  afterAll(() => database.close());
  return { database, db: database.kysely, ...(await addWorkspace(database)) };
}

type TestWorkspace = Awaited<ReturnType<typeof openTestWorkspace>>;

export interface TestEngineOptions {
  readonly work?: boolean;
  readonly concurrency?: number;
  readonly heartbeatMs?: number;
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly overrides?: Partial<ToolExecutors>;
}

/** A running engine on a workspace; stopped when the file is done. */
export async function startTestEngine(
  { database, db, keys, workspaceId }: TestWorkspace,
  { work = true, clock = systemClock, overrides = {}, ...times }: TestEngineOptions = {},
) {
  const log = testLog();
  const { executors, calls } = testExecutors(overrides);
  const host = { name: "totem", instance: "test" };
  const engine = createRunEngine({
    database,
    keys,
    clock,
    log,
    executors,
    host,
    fetchModel: fetchStandIns,
    ...times,
  });
  await engine.start({ work });
  afterAll(() => engine.stop({ graceMs: 0 }));
  const workflows = createWorkflows({ db, clock });

  const start = async (
    graph: { nodes: WorkflowNode[]; edges: WorkflowEdge[] },
    input?: string,
  ): Promise<string> => {
    const workflow = await workflows.create(testCaller(workspaceId), { name: "Test", ...graph });
    return (await engine.startRun(testCaller(workspaceId), { workflow, input })).id;
  };
  /** Resolves when the run is followed; `finished` then reads to its end. */
  const follow = async (runId: string) => {
    const signal = AbortSignal.timeout(60_000);
    const events = (await engine.followRun({ workspaceId, runId, signal }))[Symbol.asyncIterator]();
    return {
      finished: async (): Promise<RunWithEvents> => {
        while (!(await events.next()).done);
        return engine.getRunWithEvents({ workspaceId, runId });
      },
    };
  };
  const finished = async (runId: string): Promise<RunWithEvents> => (await follow(runId)).finished();
  return {
    engine,
    workflows,
    log,
    calls,
    start,
    follow,
    finished,
    /** Runs a graph to its end. */
    run: async (graph: { nodes: WorkflowNode[]; edges: WorkflowEdge[] }, input?: string) =>
      finished(await start(graph, input)),
    /** Resolves with the first event of this type. */
    reached: async (runId: string, type: RunEvent["type"]): Promise<RunEvent> => {
      const signal = AbortSignal.timeout(20_000);
      for await (const event of await engine.followRun({ workspaceId, runId, signal })) {
        if (event.type === type) return event;
      }
      throw new Error(`The run ended without ${type}.`);
    },
  };
}

export const typesOf = (run: RunWithEvents): string[] => run.events.map((event) => event.type);
export const eventsOf = (run: RunWithEvents, type: RunEvent["type"]): RunEvent[] =>
  run.events.filter((event) => event.type === type);

/** A process that the test plays by hand: it never counts as dead, so no engine takes its runs over. */
export async function addPlayedProcess(db: Database["kysely"]): Promise<string> {
  const id = random.uuid();
  await sql`insert into run_process (id, seen_at) values (${id}, 'infinity')`.execute(db);
  return id;
}
