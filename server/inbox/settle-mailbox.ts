import { type Kysely, sql } from "kysely";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { takerOf } from "./inbox-caller.ts";
import { answerPlace, type InboxParts, type RunArrival } from "./inbox-parts.ts";
import { type Found, type OpenWait, type SettledMessage, settle } from "./settle.ts";
import { toSettledMessage } from "./settled-message.ts";

/** What a wait was answered with: sealed until whoever waits has read it. */
export interface WaitAnswer {
  readonly kind: "code" | "link";
  readonly value: string;
  readonly senderHost: string;
  readonly messageId: string | null;
  readonly receivedAt: string;
  readonly expiresAt: string;
}

/** What is to be said once the transaction is committed. */
export interface Settled {
  readonly waitIds: readonly string[];
  readonly runIds: readonly string[];
}

export const nothingSettled: Settled = { waitIds: [], runIds: [] };

export type OpenWaitRow = Awaited<ReturnType<typeof openWaits>>[number];

/** Rights that were taken away since the wait began end it here: nothing more is given to it. */
const mayStillWait = (now: Date) => sql<boolean>`case w.caller_kind
  when 'agent_user' then exists (
    select from agent_user u join mailbox m on m.id = w.mailbox_id
    where u.id = w.caller_id::uuid and u.disabled_at is null and (u.locked_until is null or u.locked_until <= ${now})
      and (m.agent_user_id = u.id or exists (
        select from mailbox_reader g where g.mailbox_id = m.id and g.agent_user_id = u.id)))
  when 'service_key' then exists (
    select from service_key k
    where k.id = w.caller_id::uuid and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now}))
  else true end`;

/**
 * Waits of one mailbox that go on, held: one that is just being laid aside, ended or given something by hand is seen
 * as it is then. A run that has ended waits for nothing any more.
 */
const openWaits = (trx: Kysely<Tables>, mailboxId: string, now: Date) =>
  trx
    .selectFrom("code_wait as w")
    .leftJoin("workflow_run as r", "r.id", "w.run_id")
    .selectAll("w")
    .where("w.mailbox_id", "=", mailboxId)
    .where("w.state", "=", "waiting")
    // One that only looks ends the moment it begins.
    .where("w.expires_at", ">=", now)
    .where((eb) =>
      eb.or([
        // Whoever waits here shows that they are still there; a run needs not.
        eb.and([eb("w.run_id", "is", null), eb("w.alive_until", ">=", now)]),
        eb("r.status", "in", ["queued", "running", "waiting"]),
      ]),
    )
    .where(mayStillWait(now))
    .forUpdate("w")
    .execute();

/**
 * Gives the messages of a mailbox to those who wait for them. The caller holds the mailbox's row, so this is done
 * by one at a time; `settle` says who gets what, and this writes it down with its trace.
 */
export async function settleMailbox(
  { runs }: Pick<InboxParts, "runs">,
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  mailboxId: string,
  now: Date,
): Promise<Settled> {
  const waits = await openWaits(trx, mailboxId, now);
  if (waits.length === 0) return nothingSettled;
  const since = new Date(Math.min(...waits.map((wait) => wait.since.getTime())));
  const messages = await trx
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
    .where("mailbox_id", "=", mailboxId)
    .where("received_at", ">=", since)
    .where("kind", "<>", "none")
    .where("purged_at", "is", null)
    .execute();
  const opened = messages.map((row) => toSettledMessage(keys, row));
  const { answers, ambiguous, contested } = settle(waits.map(toOpenWait), opened, now);
  const waitOf = new Map(waits.map((wait) => [wait.id, wait]));
  const messageOf = new Map(opened.map((message) => [message.id, message]));
  const arrivals: RunArrival[] = [];
  const tell = (wait: OpenWaitRow, senderHost: string, kind: RunArrival["kind"]) => {
    const { run_id: runId, node_id: nodeId, call_id: callId, agent_node_id: agentNodeId } = wait;
    if (runId && nodeId && callId && agentNodeId)
      arrivals.push({ runId, waitId: wait.id, nodeId, callId, agentNodeId, senderHost, kind });
  };
  const resumed: string[] = [];
  for (const { waitId, messageId, found } of answers) {
    const [wait, message] = [waitOf.get(waitId), messageOf.get(messageId)];
    if (!wait || !message) continue;
    // Somebody who polls a list may have been given it a moment ago.
    if (!(await handOut(trx, keys, { wait, message, found, now }))) continue;
    tell(wait, message.senderHost, found.kind);
    if (wait.run_id) resumed.push(wait.run_id);
  }
  for (const { waitId, messageId } of ambiguous) {
    const wait = waitOf.get(waitId);
    if (!wait || wait.ambiguous) continue;
    await trx.updateTable("code_wait").set({ ambiguous: true }).where("id", "=", waitId).execute();
    tell(wait, messageOf.get(messageId)?.senderHost ?? "", "ambiguous");
  }
  const unsure = new Set(ambiguous.map(({ waitId }) => waitId));
  const answered = new Set(answers.map(({ waitId }) => waitId));
  // What they were not sure of was somebody else's, or is too old by now.
  const sure = waits.filter((wait) => wait.ambiguous && !unsure.has(wait.id) && !answered.has(wait.id));
  if (sure.length > 0)
    await trx
      .updateTable("code_wait")
      .set({ ambiguous: false })
      .where(
        "id",
        "in",
        sure.map(({ id }) => id),
      )
      .execute();
  if (contested.length > 0)
    await trx.updateTable("inbox_message").set({ contested: true }).where("id", "in", contested).execute();
  if (arrivals.length > 0) await runs.tell(trx, arrivals);
  if (resumed.length > 0) await runs.resume(trx, resumed);
  const changed = [...answers, ...ambiguous].map(({ waitId }) => waitId);
  return { waitIds: changed, runIds: arrivals.map(({ runId }) => runId) };
}

interface HandOut {
  readonly wait: OpenWaitRow;
  readonly message: SettledMessage;
  readonly found: Found;
  readonly now: Date;
  /** Who picked it, where a person did. */
  readonly by?: Parameters<typeof writeAuditEvent>[1]["actor"];
}

/** Marks a message as given to whoever waits, once: a second hand finds it taken and the statement changes nothing. */
export async function handOut(
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  { wait, message, found, now, by }: HandOut,
): Promise<boolean> {
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
  const answer: WaitAnswer = {
    kind: found.kind,
    value: found.value,
    senderHost: message.senderHost,
    messageId: message.id,
    receivedAt: message.receivedAt.toISOString(),
    expiresAt: message.expiresAt.toISOString(),
  };
  await answerWait(trx, keys, { wait, answer, now });
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
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  { wait, answer, now }: { readonly wait: OpenWaitRow; readonly answer: WaitAnswer; readonly now: Date },
): Promise<void> {
  await trx
    .updateTable("code_wait")
    .set({
      state: "answered",
      ambiguous: false,
      message_id: answer.messageId,
      sealed_answer: keys.seal(answerPlace(wait.id), JSON.stringify(answer)),
      settled_at: now,
    })
    .where("id", "=", wait.id)
    .where("state", "=", "waiting")
    .execute();
}

const actorKindOf = (wait: OpenWaitRow) =>
  wait.run_id ? "agent_node" : wait.caller_kind === "agent_user" ? "agent_user" : "service_key";

export const toOpenWait = (row: OpenWaitRow): OpenWait => ({
  id: row.id,
  caller: takerOf({ kind: row.caller_kind as "agent_user", id: row.caller_id }),
  runId: row.run_id,
  address: row.address,
  sender: row.sender,
  service: row.service,
  forRun: row.for_run,
  type: row.type,
  since: row.since,
  begunAt: row.begun_at,
});
