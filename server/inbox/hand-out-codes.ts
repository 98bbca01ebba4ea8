import { type Kysely, type Selectable, sql } from "kysely";
import type { RunArrival } from "../../plugin/api/runs.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import { isLiveKey, isUsable } from "../database/is-live.ts";
import type { MailboxTable, Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import type { SealedText } from "../secrets/seal.ts";
import { answerContext, type InboxParts } from "./inbox-parts.ts";
import { type Candidate, type Found, matchCodes, type OpenWait } from "./match-codes.ts";
import { type MessageHead, openHead } from "./read-delivery.ts";

/** A mailbox whose row a transaction has locked. */
export interface HeldMailbox {
  readonly trx: Kysely<Tables>;
  readonly keys: WorkspaceKeys;
  readonly mailbox: Selectable<MailboxTable>;
  readonly now: Date;
}

/** The answer of a wait: sealed until its caller has read it. */
export interface WaitAnswer {
  readonly kind: "code" | "link";
  readonly value: string;
  readonly senderHost: string;
  readonly messageId: string | null;
  readonly receivedAt: string;
  readonly expiresAt: string;
}

export type OpenWaitRow = Awaited<ReturnType<typeof openWaits>>[number];

/** A wait gets nothing more if its caller lost the right to it after it began. */
const mayStillWait = (now: Date) => sql<boolean>`case w.caller_kind
  when 'agent_user' then exists (
    select from agent_user u join mailbox m on m.id = w.mailbox_id
    where u.id = w.caller_id::uuid and ${isUsable("u", now)}
      and (m.agent_user_id = u.id or exists (
        select from mailbox_reader g where g.mailbox_id = m.id and g.agent_user_id = u.id)))
  when 'service_key' then exists (
    select from service_key k
    where k.id = w.caller_id::uuid and ${isLiveKey("k", now)})
  else true end`;

/**
 * The open waits of a mailbox, locked: a wait that another transaction suspends, ends or answers just now is seen as
 * that transaction leaves it. A run that has ended waits for nothing any more.
 */
const openWaits = ({ trx, mailbox, now }: HeldMailbox) =>
  trx
    .selectFrom("code_wait as w")
    .leftJoin("workflow_run as r", "r.id", "w.run_id")
    .selectAll("w")
    .where("w.mailbox_id", "=", mailbox.id)
    .where("w.state", "=", "waiting")
    // A wait of zero seconds ends the moment it begins.
    .where("w.expires_at", ">=", now)
    .where((eb) =>
      eb.or([
        // A call shows that it is still there; a run need not.
        eb.and([eb("w.run_id", "is", null), eb("w.alive_until", ">=", now)]),
        eb("r.status", "in", ["queued", "running", "waiting"]),
      ]),
    )
    .where(mayStillWait(now))
    .forUpdate("w")
    .execute();

/** Gives a mailbox's messages to the waits that `matchCodes` names, with a trace. Says what to wake after the commit. */
export async function matchMailbox(
  { runs }: Pick<InboxParts, "runs">,
  held: HeldMailbox,
): Promise<{ readonly waitIds: readonly string[]; readonly runIds: readonly string[] }> {
  const { trx, keys, now } = held;
  const waits = await openWaits(held);
  if (waits.length === 0) return { waitIds: [], runIds: [] };
  const messages = await candidateRows(held, waits);
  const opened = messages.map((row) => toCandidate(keys, row));
  const { answers, ambiguous, contested } = matchCodes(waits.map(toOpenWait), opened, now);
  const waitOf = new Map(waits.map((wait) => [wait.id, wait]));
  const messageOf = new Map(opened.map((message) => [message.id, message]));
  const arrivals: RunArrival[] = [];
  const resumed: string[] = [];
  for (const { waitId, messageId, found } of answers) {
    const [wait, message] = [waitOf.get(waitId), messageOf.get(messageId)];
    if (!wait || !message) continue;
    // A caller that polls a list may have taken it a moment ago.
    if (!(await handOut(held, { wait, message, found }))) continue;
    arrivals.push(...arrivalAt(wait, { senderHost: message.sender_host, kind: found.kind }));
    if (wait.run_id) resumed.push(wait.run_id);
  }
  for (const { waitId, messageId } of ambiguous) {
    const wait = waitOf.get(waitId);
    if (!wait || wait.ambiguous) continue;
    await trx.updateTable("code_wait").set({ ambiguous: true }).where("id", "=", waitId).execute();
    const senderHost = messageOf.get(messageId)?.sender_host ?? "";
    arrivals.push(...arrivalAt(wait, { senderHost, kind: "ambiguous" }));
  }
  const changed = [...answers, ...ambiguous].map(({ waitId }) => waitId);
  await clearAmbiguous(
    held,
    waits.filter((wait) => wait.ambiguous && !changed.includes(wait.id)),
  );
  if (contested.length > 0)
    await trx.updateTable("inbox_message").set({ contested: true }).where("id", "in", contested).execute();
  if (arrivals.length > 0) await runs.tell(trx, arrivals);
  if (resumed.length > 0) await runs.resume(trx, resumed);
  return { waitIds: changed, runIds: arrivals.map(({ runId }) => runId) };
}

const candidateRows = ({ trx, mailbox }: HeldMailbox, waits: readonly OpenWaitRow[]) =>
  trx
    .selectFrom("inbox_message")
    .select([
      "id",
      "address",
      "sender",
      "sender_host",
      "run_id",
      "received_at",
      "expires_at",
      "kind",
      "contested",
      "authentication",
      "taken_by_kind",
      "taken_by_id",
      "sealed_head",
    ])
    .where("mailbox_id", "=", mailbox.id)
    .where("received_at", ">=", new Date(Math.min(...waits.map((wait) => wait.since.getTime()))))
    .where("kind", "<>", "none")
    .where("purged_at", "is", null)
    .execute();

/** The message that made them ambiguous was given to another wait, or is now too old. */
async function clearAmbiguous({ trx }: HeldMailbox, waits: readonly OpenWaitRow[]): Promise<void> {
  if (waits.length === 0) return;
  const ids = waits.map(({ id }) => id);
  await trx.updateTable("code_wait").set({ ambiguous: false }).where("id", "in", ids).execute();
}

/** What a run hears of its wait; nothing where no run waits. */
export function arrivalAt(
  wait: OpenWaitRow,
  what: Pick<RunArrival, "senderHost" | "kind">,
): readonly RunArrival[] {
  const { run_id: runId, node_id: nodeId, call_id: callId, agent_node_id: agentNodeId } = wait;
  return runId && nodeId && callId && agentNodeId
    ? [{ runId, waitId: wait.id, nodeId, callId, agentNodeId, ...what }]
    : [];
}

interface HandOut {
  readonly wait: OpenWaitRow;
  readonly message: Candidate;
  readonly found: Found;
  /** The person who picked it, where a person did. */
  readonly by?: Actor;
}

/** Marks a message as given to a wait. False where it is taken already: then the statement changes nothing. */
export async function handOut(held: HeldMailbox, { wait, message, found, by }: HandOut): Promise<boolean> {
  const { trx, now } = held;
  const taken = await trx
    .updateTable("inbox_message")
    .set({
      taken_at: now,
      taken_by_kind: wait.caller_kind,
      taken_by_id: wait.caller_id,
      taken_by_name: wait.caller_name,
      taken_run_id: wait.run_id,
      modified_at: now,
    })
    .where("id", "=", message.id)
    .where("taken_at", "is", null)
    .executeTakeFirst();
  if (taken.numUpdatedRows === 0n) return false;
  await answerWait(held, wait, {
    kind: found.kind,
    value: found.value,
    senderHost: message.sender_host,
    messageId: message.id,
    receivedAt: message.received_at.toISOString(),
    expiresAt: message.expires_at.toISOString(),
  });
  await writeAuditEvent(trx, {
    workspaceId: wait.workspace_id,
    at: now,
    actor: by ?? { kind: actorKindOf(wait), id: wait.caller_name },
    action: "inbox.code_handed_out",
    subject: { kind: "inbox_message", id: message.id },
    ...(wait.run_id ? { runId: wait.run_id } : {}),
    ...(wait.node_id ? { nodeId: wait.node_id } : {}),
  });
  return true;
}

export async function answerWait(
  { trx, keys, now }: HeldMailbox,
  wait: OpenWaitRow,
  answer: WaitAnswer,
): Promise<void> {
  await trx
    .updateTable("code_wait")
    .set({
      state: "answered",
      ambiguous: false,
      message_id: answer.messageId,
      sealed_answer: keys.seal(answerContext(wait.id), JSON.stringify(answer)),
      settled_at: now,
    })
    .where("id", "=", wait.id)
    .where("state", "=", "waiting")
    .execute();
}

const actorKindOf = (wait: OpenWaitRow) =>
  wait.run_id ? "agent_node" : wait.caller_kind === "agent_user" ? "agent_user" : "service_key";

export const toOpenWait = (row: OpenWaitRow): OpenWait => ({
  ...row,
  caller: `${row.caller_kind}:${row.caller_id}`,
});

interface CandidateRow extends Omit<Candidate, "taken_by" | "doubted" | "head"> {
  readonly authentication: { readonly dmarc?: unknown } | null;
  readonly taken_by_kind: string | null;
  readonly taken_by_id: string | null;
  readonly sealed_head: SealedText | null;
}

/** A row as `matchCodes` looks at it. Its head is opened when it is asked for, and once. */
export function toCandidate(keys: WorkspaceKeys, row: CandidateRow): Candidate {
  const { authentication, taken_by_kind, taken_by_id } = row;
  let head: MessageHead | undefined;
  return {
    ...row,
    // DMARC says that another sender sent it, or that its author is unknown.
    doubted: authentication?.dmarc === "fail" || authentication?.dmarc === "permerror",
    taken_by: taken_by_kind === null ? null : `${taken_by_kind}:${taken_by_id}`,
    head: () => (head ??= openHead(keys, row)),
  };
}
