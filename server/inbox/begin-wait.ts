import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import {
  findAgentMailbox,
  findWorkspaceMailbox,
  lockMailbox,
  type Mailbox,
  mailboxFor,
  mailboxOfAgent,
} from "./find-mailbox.ts";
import type { InboxCaller } from "./inbox-caller.ts";
import { answerPlace, type InboxParts } from "./inbox-parts.ts";
import { nothingSettled, settleMailbox, type WaitAnswer } from "./settle-mailbox.ts";

export interface WaitRequest {
  readonly caller: InboxCaller;
  readonly address?: string | undefined;
  readonly sender?: string | undefined;
  readonly service?: string | undefined;
  readonly forRun?: string | undefined;
  readonly type: "code" | "link" | "any";
  readonly lookBackSeconds: number;
  readonly timeoutSeconds: number;
  /** The tool call of a run that waits. Made again after a crash it is the same wait. */
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

/** How long a wait without a run counts as somebody's; whoever waits renews it every second. */
export const aliveMs = 5_000;

/** Begins to wait, or finds the wait this call began before; what fits already is given at once. */
export const beginWait =
  (parts: InboxParts) =>
  async (request: WaitRequest): Promise<WaitStatus> => {
    const { db, clock, keyRing } = parts;
    const { caller, run } = request;
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    if (run) {
      const begun = await readWait(parts, keys, { callId: run.callId, workspaceId: caller.workspaceId });
      if (begun) return begun;
    }
    const { mailbox, address } = await mailboxToWaitAt(parts, request);
    const id = randomUUID();
    const begin = async (trx: Kysely<Tables>) => {
      if (!(await lockMailbox(trx, mailbox.id))) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
      const now = clock.now();
      await refuseLocked(trx, now, caller, mailbox);
      if (!run) await refuseTooMany(trx, now, caller);
      const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);
      await trx
        .insertInto("code_wait")
        .values({
          id,
          workspace_id: caller.workspaceId,
          mailbox_id: mailbox.id,
          caller_kind: caller.kind,
          caller_id: caller.id,
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
      return (await hasSomething(trx, mailbox.id, now))
        ? settleMailbox(parts, trx, keys, mailbox.id, now)
        : nothingSettled;
    };
    const settled = await parts.inTurn(mailbox.id, () => db.transaction().execute(begin));
    parts.signals.settled(settled.waitIds);
    parts.runs.wake(settled.runIds);
    const status = await readWait(parts, keys, { id, workspaceId: caller.workspaceId });
    if (!status) throw new PluginError("INBOX_WAIT_NOT_FOUND");
    return { ...status, isNew: true };
  };

/** Their own mailbox, one of the workspace they were given, or for administrators and programs any they may read. */
async function mailboxToWaitAt(
  parts: InboxParts,
  { caller, address }: WaitRequest,
): Promise<{ mailbox: Mailbox; address: string | null }> {
  const { workspaceId } = caller;
  const place = { workspaceId, address: address?.trim().toLowerCase() ?? "" };
  if (caller.kind === "agent_user") {
    const own = await mailboxOfAgent(parts, workspaceId, caller.id);
    if (address === undefined) return { mailbox: own, address: null };
    const shared = await findWorkspaceMailbox(parts, place);
    if (shared && (await isReader(parts, shared.id, caller.id))) return { mailbox: shared, address: null };
    const named = await findAgentMailbox(parts, place);
    // Somebody else's and nobody's look the same. Only who delivers to itself may agree on names with itself.
    const reachable = named ? named.id === own.id : !shared && caller.mayManage;
    if (!reachable) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
    // Bare, it means the mailbox; with a part after a plus, that part.
    return { mailbox: own, address: named && !place.address.includes("+") ? null : place.address };
  }
  if (address === undefined)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "address", problem: "Say whose mail to wait for." }],
    });
  const mailbox =
    (await findAgentMailbox(parts, place)) ??
    (await findWorkspaceMailbox(parts, place)) ??
    // To look for mail is no right to make a place for it.
    (caller.mayManage ? await mailboxFor(parts, place, caller) : undefined);
  if (!mailbox || (mailbox.agentUserId !== null && !caller.admin))
    throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  return {
    mailbox,
    address: mailbox.agentUserId !== null && place.address.includes("+") ? place.address : null,
  };
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

/** Each looks again every second, and is weighed against all others of its mailbox. */
async function refuseTooMany(trx: Kysely<Tables>, now: Date, caller: InboxCaller): Promise<void> {
  const { open } = await trx
    .selectFrom("code_wait")
    .select((eb) => eb.fn.countAll<number>().as("open"))
    .where("workspace_id", "=", caller.workspaceId)
    .where("caller_kind", "=", caller.kind)
    .where("caller_id", "=", caller.id)
    .where("run_id", "is", null)
    .where("state", "=", "waiting")
    .where("alive_until", ">=", now)
    .executeTakeFirstOrThrow();
  if (Number(open) >= mostWaits) throw new PluginError("RATE_LIMITED", { retryAfterSeconds: 1 });
}

/** Whether anything is there that could be given to anybody. */
async function hasSomething(trx: Kysely<Tables>, mailboxId: string, now: Date): Promise<boolean> {
  const one = await trx
    .selectFrom("inbox_message")
    .select("id")
    .where("mailbox_id", "=", mailboxId)
    .where("kind", "<>", "none")
    .where("taken_at", "is", null)
    .where("expires_at", ">", now)
    .limit(1)
    .executeTakeFirst();
  return one !== undefined;
}

/** Too many wrong codes lock an agent out of delivered ones too: one count for every factor. */
async function refuseLocked(
  trx: Kysely<Tables>,
  now: Date,
  caller: InboxCaller,
  mailbox: Mailbox,
): Promise<void> {
  const agentUserId = caller.kind === "agent_user" ? caller.id : mailbox.agentUserId;
  if (agentUserId === null) return;
  const agent = await trx
    .selectFrom("agent_user")
    .select(["disabled_at", "locked_until"])
    .where("id", "=", agentUserId)
    .executeTakeFirst();
  if (!agent || agent.disabled_at) throw new PluginError("AGENT_USER_DISABLED");
  if (agent.locked_until && agent.locked_until > now)
    throw new PluginError("RATE_LIMITED", {
      retryAfterSeconds: Math.ceil((agent.locked_until.getTime() - now.getTime()) / 1000),
    });
}

/** How a wait stands. An answer is there for whoever began it, and for nobody else. */
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
  const opened = row.sealed_answer === null ? undefined : keys.open(answerPlace(row.id), row.sealed_answer);
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

/** Held until commit, so that nothing is given to a wait whose run is just being laid aside. */
export async function stillWaits(trx: Kysely<Tables>, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom("code_wait")
    .select("state")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.state === "waiting";
}
