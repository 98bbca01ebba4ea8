import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, hasScope, managesInbox, ownerOf } from "../access/caller.ts";
import { lockedUntil } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import {
  findAgentMailbox,
  findWorkspaceMailbox,
  type Mailbox,
  mailboxFor,
  mailboxOfAgent,
} from "./find-mailbox.ts";
import type { HeldMailbox, WaitAnswer } from "./hand-out-codes.ts";
import { inMailbox } from "./in-mailbox.ts";
import { answerContext, type InboxParts } from "./inbox-parts.ts";
import { mayRead } from "./rights.ts";

export interface WaitRequest {
  readonly caller: AuthenticatedCaller;
  readonly address?: string | undefined;
  readonly sender?: string | undefined;
  readonly service?: string | undefined;
  readonly forRun?: string | undefined;
  readonly type: "code" | "link" | "any";
  readonly lookBackSeconds: number;
  readonly timeoutSeconds: number;
  /** The tool call of a run that waits. The same call after a crash is the same wait. */
  readonly run?: {
    readonly runId: string;
    readonly nodeId: string;
    readonly agentNodeId: string;
    readonly callId: string;
  };
}

export interface WaitStatus {
  readonly id: string;
  readonly state: "waiting" | "answered" | "timed_out" | "cancelled";
  readonly ambiguous: boolean;
  readonly expiresAt: Date;
  readonly answer: WaitAnswer | undefined;
  /** Begun by this very call. */
  readonly isNew: boolean;
}

/** Waits without a run that one caller may have open at a time. */
const mostWaits = 100;

/** How long a wait without a run counts as present. Its caller renews it every second. */
export const aliveMs = 5_000;

/** Begins to wait, or finds the wait that this call began before. If a stored code matches, the caller gets it at once. */
export async function beginWait(parts: InboxParts, request: WaitRequest): Promise<WaitStatus> {
  const { caller, run } = request;
  const { workspaceId } = caller;
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  if (run) {
    const begun = await readWait(parts, keys, { callId: run.callId, workspaceId });
    if (begun) return begun;
  }
  const { mailbox, address } = await mailboxToWaitAt(parts, request);
  const id = await inMailbox(parts, { workspaceId, mailboxId: mailbox.id }, async (held) => {
    await refuseLocked(held, caller);
    if (!run) await refuseTooMany(held, caller);
    const inserted = await insertWait(held, request, address);
    if (await hasCode(held)) await held.matchCodes();
    return inserted;
  });
  if (id === undefined) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  const status = await readWait(parts, keys, { id, workspaceId });
  if (!status) throw new PluginError("INBOX_WAIT_NOT_FOUND");
  return { ...status, isNew: true };
}

async function insertWait(
  { trx, mailbox, now }: HeldMailbox,
  { caller, run, ...request }: WaitRequest,
  address: string | null,
): Promise<string> {
  const id = randomUUID();
  const owner = ownerOf(caller);
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  await trx
    .insertInto("code_wait")
    .values({
      id,
      workspace_id: caller.workspaceId,
      mailbox_id: mailbox.id,
      caller_kind: owner.kind,
      caller_id: owner.id,
      caller_name: caller.name,
      address,
      sender: request.sender ?? null,
      service: request.service ?? null,
      for_run: request.forRun ?? null,
      type: request.type,
      since: before(request.lookBackSeconds),
      begun_at: now,
      expires_at: before(-request.timeoutSeconds),
      alive_until: run ? null : new Date(now.getTime() + aliveMs),
      run_id: run?.runId ?? null,
      node_id: run?.nodeId ?? null,
      agent_node_id: run?.agentNodeId ?? null,
      call_id: run?.callId ?? null,
    })
    .execute();
  return id;
}

interface WaitTarget {
  readonly mailbox: Mailbox;
  /** Only messages to this very address; null: all of the mailbox. */
  readonly address: string | null;
}

/** An agent waits at its own mailbox or at one that it was given; others at any mailbox that they may read. */
async function mailboxToWaitAt(parts: InboxParts, { caller, address }: WaitRequest): Promise<WaitTarget> {
  const { workspaceId } = caller;
  const named = { workspaceId, address: address?.trim().toLowerCase() ?? "" };
  const mayManage = hasScope(caller, "mail:manage");
  if (caller.kind === "agent_user") {
    const { agentUserId } = caller;
    const own = await mailboxOfAgent(parts, { workspaceId, agentUserId });
    if (address === undefined) return { mailbox: own, address: null };
    const shared = await findWorkspaceMailbox(parts, named);
    if (shared && (await isReader(parts, shared.id, agentUserId))) return { mailbox: shared, address: null };
    const agents = await findAgentMailbox(parts, named);
    // Another agent's address and an unknown one get the same answer. Only a caller that may deliver to itself may
    // wait under a name that it made up.
    const reachable = agents ? agents.id === own.id : !shared && mayManage;
    if (!reachable) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
    // The bare address means the mailbox; with a part after a plus, that part.
    return { mailbox: own, address: agents && !named.address.includes("+") ? null : named.address };
  }
  if (address === undefined)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "address", problem: "Say whose mail to wait for." }],
    });
  const mailbox =
    (await findAgentMailbox(parts, named)) ??
    (await findWorkspaceMailbox(parts, named)) ??
    // The right to read mail is no right to create a mailbox.
    (mayManage ? await mailboxFor(parts, caller, named.address) : undefined);
  if (!mailbox || !(await mayWaitAt(parts, caller, mailbox)))
    throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  return {
    mailbox,
    address: mailbox.agentUserId !== null && named.address.includes("+") ? named.address : null,
  };
}

/** A person may wait where that person may read; a program at every mailbox of the workspace, and at no agent's. */
async function mayWaitAt({ db }: InboxParts, caller: AuthenticatedCaller, { id, agentUserId }: Mailbox) {
  if (managesInbox(caller)) return true;
  if (caller.kind !== "person") return agentUserId === null;
  const { rows } = await sql`select from mailbox m where m.id = ${id}::uuid and ${mayRead(caller)}`.execute(
    db,
  );
  return rows.length > 0;
}

async function isReader({ db }: InboxParts, mailboxId: string, agentUserId: string): Promise<boolean> {
  const row = await db
    .selectFrom("mailbox_reader")
    .select("agent_user_id")
    .where("mailbox_id", "=", mailboxId)
    .where("agent_user_id", "=", agentUserId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Each looks again every second, and is compared with all others of its mailbox. */
async function refuseTooMany({ trx, now }: HeldMailbox, caller: AuthenticatedCaller): Promise<void> {
  const owner = ownerOf(caller);
  const { open } = await trx
    .selectFrom("code_wait")
    .select((eb) => eb.fn.countAll<number>().as("open"))
    .where("workspace_id", "=", caller.workspaceId)
    .where("caller_kind", "=", owner.kind)
    .where("caller_id", "=", owner.id)
    .where("run_id", "is", null)
    .where("state", "=", "waiting")
    .where("alive_until", ">=", now)
    .executeTakeFirstOrThrow();
  if (Number(open) >= mostWaits) throw new PluginError("RATE_LIMITED", { retryAfterSeconds: 1 });
}

/** Whether the mailbox has a code that could be given to any wait. */
async function hasCode({ trx, mailbox, now }: HeldMailbox): Promise<boolean> {
  const one = await trx
    .selectFrom("inbox_message")
    .select("id")
    .where("mailbox_id", "=", mailbox.id)
    .where("kind", "<>", "none")
    .where("taken_at", "is", null)
    .where("expires_at", ">", now)
    .limit(1)
    .executeTakeFirst();
  return one !== undefined;
}

/** Too many wrong codes lock an agent out of delivered ones too: one count for every factor. */
async function refuseLocked({ trx, mailbox, now }: HeldMailbox, caller: AuthenticatedCaller): Promise<void> {
  const agentUserId = caller.kind === "agent_user" ? caller.agentUserId : mailbox.agent_user_id;
  if (agentUserId === null) return;
  const agent = await trx
    .selectFrom("agent_user")
    .select(["disabled_at", lockedUntil("agent_user", now).as("locked_until")])
    .where("id", "=", agentUserId)
    .executeTakeFirst();
  if (!agent || agent.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
  if (agent.locked_until)
    throw new PluginError("RATE_LIMITED", {
      retryAfterSeconds: Math.ceil((agent.locked_until.getTime() - now.getTime()) / 1000),
    });
}

/** The state of a wait. Only the call that began it may see the answer. */
export async function readWait(
  { db }: Pick<InboxParts, "db">,
  keys: WorkspaceKeys,
  which: { readonly workspaceId: string } & ({ readonly id: string } | { readonly callId: string }),
): Promise<WaitStatus | undefined> {
  const row = await db
    .selectFrom("code_wait")
    .select(["id", "state", "ambiguous", "expires_at", "sealed_answer"])
    .where("workspace_id", "=", which.workspaceId)
    .where("id" in which ? sql<boolean>`id = ${which.id}::uuid` : sql<boolean>`call_id = ${which.callId}`)
    .executeTakeFirst();
  if (!row) return undefined;
  const opened = row.sealed_answer === null ? undefined : keys.open(answerContext(row.id), row.sealed_answer);
  const answer = opened && (JSON.parse(opened.toString("utf8")) as WaitAnswer);
  opened?.fill(0);
  return {
    id: row.id,
    state: row.state,
    isNew: false,
    ambiguous: row.ambiguous,
    expiresAt: row.expires_at,
    answer,
  };
}

/** Locked until the commit, so that a wait gets no answer while its run is being suspended. */
export async function stillWaits(trx: Kysely<Tables>, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom("code_wait")
    .select("state")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.state === "waiting";
}
