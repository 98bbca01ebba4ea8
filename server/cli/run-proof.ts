import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import { agentNodeCaller } from "../access/caller.ts";
import { insertWorkspace } from "../access/workspaces.ts";
import { systemActor } from "../audit/audit-log.ts";
import { systemClock } from "../clock.ts";
import { openSystem, type System } from "../open-system.ts";
import { readSettings } from "../settings.ts";

/**
 * `totem prove`: an agent gets an account, reads its code, is verified, and everything that must be refused
 * is refused. Runs on the PostgreSQL of DATABASE_URL, in a workspace of its own that is removed afterwards,
 * or on an embedded database in a temporary folder.
 */
export async function prove(): Promise<number> {
  const settings = readSettings(process.env);
  const folder = mkdtempSync(join(tmpdir(), "totem-prove-"));
  const workspaceId = randomUUID();
  try {
    const system = await openSystem({
      settings: { ...settings, TOTEM_DATA: folder },
      clock: systemClock,
      onError: () => {},
    });
    try {
      const dataKey = await system.keyRing.newDataKey(workspaceId);
      await system.database.kysely.transaction().execute((trx) =>
        insertWorkspace(trx, {
          id: workspaceId,
          name: `prove ${workspaceId}`,
          at: systemClock.now(),
          dataKey,
        }),
      );
      process.stdout.write(
        `Proving the chain on ${system.database.kind === "pglite" ? "an embedded database" : "PostgreSQL"}\n`,
      );
      return await runProof(stepsOf(system, workspaceId), (line) => process.stdout.write(line));
    } finally {
      await removeWorkspace(system, workspaceId);
      await system.database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Step {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  /** The refusal that is the right answer; absent where the step must succeed. */
  readonly refusedWith?: string;
}

/** Runs step after step and writes a line for each, with its time. Ends at the first that fails; 0 is success. */
export async function runProof(steps: readonly Step[], write: (line: string) => void): Promise<number> {
  for (const step of steps) {
    const start = performance.now();
    const outcome = await step.run().then(
      () => "done",
      (error: unknown) => asPluginError(error).code,
    );
    const right = outcome === (step.refusedWith ?? "done");
    const milliseconds = (performance.now() - start).toFixed(1).padStart(7);
    write(`${right ? "ok  " : "FAIL"} ${milliseconds} ms  ${step.name}${right ? "" : ` (${outcome})`}\n`);
    if (!right) return 1;
  }
  write("The chain holds.\n");
  return 0;
}

function stepsOf({ agentUsers, hostWorkflows }: System, workspaceId: string): Step[] {
  const workflow = { host: "prove", hostInstance: "prove", workflowId: workspaceId };
  const callerOf = (agentNodeId: string) =>
    agentNodeCaller({ workspaceId, location: { ...workflow, agentNodeId }, actor: systemActor });
  const enroll = (agent: string) =>
    agentUsers.enroll({
      caller: callerOf(agent),
      workflowSlug: (trx) => hostWorkflows.claimSlug(trx, { workspaceId, ...workflow, name: "prove" }),
      purpose: "totem prove",
    });
  const issue = (agent: string, requested = "") =>
    agentUsers.issueCode({
      caller: callerOf(agent),
      requested,
      minRemaining: 3,
      signal: new AbortController().signal,
    });
  const verify = (agent: string, code: string) =>
    agentUsers.verifyOwn({ caller: callerOf(agent), requested: "", code });
  let code = "";
  let username = "";
  return [
    {
      name: "create: the agent gets an account",
      run: async () => (username = (await enroll("agent")).username),
    },
    {
      name: "create again: it is the same account",
      run: async () => expectTrue((await enroll("agent")).already_existed),
    },
    { name: "code: the agent reads its own", run: async () => (code = (await issue("agent")).code) },
    { name: "verify: the code is accepted", run: () => verify("agent", code) },
    {
      name: "rerun: the same code is refused",
      run: () => verify("agent", code),
      refusedWith: "CODE_REJECTED",
    },
    { name: "create: another agent gets its own", run: () => enroll("other") },
    {
      name: "theft: the other asks for the first one's code",
      run: () => issue("other", username),
      refusedWith: "FORBIDDEN",
    },
    {
      name: "confusion: the first one's code does not prove the other",
      run: () => verify("other", code),
      refusedWith: "CODE_REJECTED",
    },
  ];
}

function expectTrue(value: boolean): void {
  if (!value) throw new PluginError("INTERNAL");
}

/** What the steps leave behind, but for the log, whose rows stay. A table comes before those it refers to. */
const tables = ["agent_user_grant", "agent_user", "host_workflow", "taken_slug", "data_key"] as const;

async function removeWorkspace({ database }: System, id: string): Promise<void> {
  await database.kysely.transaction().execute(async (trx) => {
    for (const table of tables) {
      await trx.deleteFrom(table).where("workspace_id", "=", id).execute();
    }
    await trx.deleteFrom("workspace").where("id", "=", id).execute();
  });
}
