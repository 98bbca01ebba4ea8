import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { CodeWaitTable, MailboxTable, Tables } from "../database/tables.ts";
import { lockMailbox } from "./find-mailbox.ts";
import { type InboxCaller, mayRead } from "./inbox-caller.ts";
import { codeLifeMs, type InboxParts } from "./inbox-parts.ts";
import { openBody, readAgain, rowsOf } from "./messages.ts";
import type { Reading } from "./reading/reading.ts";
import { fits, type SettledMessage } from "./settle.ts";
import {
  answerWait,
  handOut,
  type OpenWaitRow,
  type Settled,
  settleMailbox,
  toOpenWait,
} from "./settle-mailbox.ts";
import { openHead, toSettledMessage } from "./settled-message.ts";

/** A wait as people see it. */
export interface ShownWait {
  readonly id: string;
  readonly agent: string | null;
  readonly address: string | null;
  readonly sender: string | null;
  readonly runId: string | null;
  readonly workflowSlug: string | null;
  readonly nodeId: string | null;
  readonly begunAt: Date;
  readonly expiresAt: Date;
  readonly state: "waiting" | "answered" | "timed_out" | "cancelled";
  readonly ambiguous: boolean;
}

export interface WaitCandidate {
  readonly messageId: string;
  readonly sender: string;
  readonly senderHost: string;
  readonly receivedAt: Date;
  readonly subject: string;
  readonly kind: "code" | "link";
  readonly value: string;
  /** The words around it. */
  readonly context: string;
}

/** Ended ones are shown for an hour. */
const shownMs = 60 * 60 * 1000;
const mostShown = 200;

const visible = (db: Kysely<Tables>, caller: InboxCaller) =>
  db.selectFrom("code_wait as w").innerJoin("mailbox as m", "m.id", "w.mailbox_id").where(mayRead(caller));

type Visible = SelectQueryBuilder<
  Tables & { w: CodeWaitTable; m: MailboxTable },
  "w" | "m",
  Record<never, never>
>;

const shown = (query: Visible) =>
  query
    .leftJoin("agent_user as u", "u.id", "m.agent_user_id")
    .leftJoin("workflow_run as r", "r.id", "w.run_id")
    .leftJoin("workflow as f", "f.id", "r.workflow_id")
    .select((eb) => [
      "w.id",
      eb.fn
        .coalesce(
          "u.username",
          eb.case().when("w.caller_kind", "=", "agent_user").then(eb.ref("w.caller_name")).end(),
        )
        .as("agent"),
      eb.fn.coalesce("w.address", "m.address").as("address"),
      "w.sender",
      "w.run_id as runId",
      "f.slug as workflowSlug",
      "w.node_id as nodeId",
      "w.begun_at as begunAt",
      "w.expires_at as expiresAt",
      sql<
        ShownWait["state"]
      >`case when w.state = 'waiting' and r.status in ('succeeded', 'failed', 'cancelled')
        then 'cancelled' else w.state end`.as("state"),
      "w.ambiguous",
    ]);

export const listWaits =
  ({ db, clock }: InboxParts) =>
  async (caller: InboxCaller, { runId }: { runId?: string | undefined } = {}): Promise<ShownWait[]> =>
    shown(visible(db, caller))
      .where("w.begun_at", ">", new Date(clock.now().getTime() - shownMs))
      .$if(runId !== undefined, (query) => query.where("w.run_id", "=", runId ?? null))
      .orderBy("w.begun_at", "desc")
      .limit(mostShown)
      .execute();

/** A wait with what a person may pick from. Audited: codes are in it. */
export const openWait =
  (parts: InboxParts) =>
  async (caller: InboxCaller, id: string): Promise<ShownWait & { candidates: WaitCandidate[] }> => {
    const { db, clock, keyRing } = parts;
    const found = await shown(visible(db, caller)).where("w.id", "=", id).executeTakeFirst();
    if (!found) throw new PluginError("INBOX_WAIT_NOT_FOUND");
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const wait = await db.selectFrom("code_wait").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const candidates = found.state === "waiting" ? await candidatesFor(db, keys, wait, clock.now()) : [];
    await writeAuditEvent(db, {
      workspaceId: caller.workspaceId,
      at: clock.now(),
      actor: caller.actor,
      action: "inbox.message_read",
      subject: { kind: "code_wait", id },
    });
    return {
      ...found,
      // What does not fit is a person's to give all the same, but is not offered.
      candidates: candidates
        .filter((message) => fits(toOpenWait(wait), message))
        .flatMap((message) => {
          const { subject, found: choices } = message.head();
          return choices.map(({ kind, value }) => ({
            messageId: message.id,
            sender: message.sender,
            senderHost: message.senderHost,
            receivedAt: message.receivedAt,
            subject,
            kind,
            value,
            context: message.context(value),
          }));
        }),
    };
  };

type Keys = Awaited<ReturnType<InboxParts["keyRing"]["forWorkspace"]>>;

/** Messages of a wait's mailbox that were given to nobody and are not another run's, newest first. */
async function candidatesFor(
  trx: Kysely<Tables>,
  keys: Keys,
  wait: OpenWaitRow,
  now: Date,
): Promise<(SettledMessage & { readonly context: (value: string) => string })[]> {
  const rows = await rowsOf(trx)
    .select("i.sealed_body")
    .select(["i.contested", "i.taken_by_id"])
    .where("i.mailbox_id", "=", wait.mailbox_id)
    .where("i.expires_at", ">", now)
    .where("i.taken_at", "is", null)
    .where("i.kind", "<>", "none")
    .where((eb) =>
      eb.or([eb("i.run_id", "is", null), eb("i.run_id", "=", wait.run_id ?? wait.for_run ?? "")]),
    )
    .orderBy("i.received_at", "desc")
    .limit(mostShown)
    .execute();
  return rows.map((row) => {
    const message = toSettledMessage(keys, row);
    return {
      ...message,
      context: (value) => {
        const body = openBody(keys, row);
        return body ? wordsAround(readAgain(row, openHead(keys, row), body), value) : "";
      },
    };
  });
}

/** As much as tells two codes apart. */
const aroundLength = 60;

function wordsAround({ text, candidates = [], ...reading }: Reading, value: string): string {
  const choice = candidates.find((each) => each.value === value);
  const at = choice?.start ?? (reading.value === value ? text.indexOf(value) : -1);
  if (at < 0) return "";
  return text
    .slice(Math.max(0, at - aroundLength), (choice?.end ?? at + value.length) + aroundLength)
    .replace(/\s+/g, " ")
    .trim();
}

export type HandAnswer = { readonly messageId: string; readonly value: string } | { readonly code: string };

/** Gives a wait what a person picked from the messages that fit it, or a code they have from elsewhere. */
export const answerByHand =
  (parts: InboxParts) =>
  async (caller: InboxCaller, id: string, answer: HandAnswer): Promise<void> => {
    const { db, clock, keyRing, runs, signals } = parts;
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const seen = await visible(db, caller).select("w.mailbox_id").where("w.id", "=", id).executeTakeFirst();
    if (!seen) throw new PluginError("INBOX_WAIT_NOT_FOUND");
    const settled = await db.transaction().execute(async (trx): Promise<Settled> => {
      await lockMailbox(trx, seen.mailbox_id);
      const now = clock.now();
      const wait = await trx
        .selectFrom("code_wait")
        .selectAll()
        .where("id", "=", id)
        .where("state", "=", "waiting")
        .where("expires_at", ">", now)
        .forUpdate()
        .executeTakeFirst();
      if (!wait) throw new PluginError("INBOX_WAIT_OVER");
      const arrival = { kind: "code" as "code" | "link", senderHost: "" };
      if ("code" in answer) {
        await answerWait(trx, keys, {
          wait,
          now,
          answer: {
            kind: "code",
            value: answer.code,
            senderHost: "",
            messageId: null,
            receivedAt: now.toISOString(),
            expiresAt: new Date(now.getTime() + codeLifeMs).toISOString(),
          },
        });
        await writeAuditEvent(trx, {
          workspaceId: caller.workspaceId,
          at: now,
          actor: caller.actor,
          action: "inbox.code_given",
          subject: { kind: "code_wait", id },
          ...(wait.run_id ? { runId: wait.run_id } : {}),
          ...(wait.node_id ? { nodeId: wait.node_id } : {}),
        });
      } else {
        const messages = await candidatesFor(trx, keys, wait, now);
        const message = messages.find((each) => each.id === answer.messageId);
        const found = message?.head().found.find(({ value }) => value === answer.value);
        if (!message || !found) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
        const given = await handOut(trx, keys, { wait, message, found, now, by: caller.actor });
        if (!given) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
        Object.assign(arrival, { kind: found.kind, senderHost: message.senderHost });
      }
      const { run_id: runId, node_id: nodeId, call_id: callId, agent_node_id: agentNodeId } = wait;
      if (runId && nodeId && callId && agentNodeId) {
        await runs.tell(trx, [{ runId, nodeId, callId, agentNodeId, waitId: id, ...arrival }]);
        await runs.resume(trx, [runId]);
      }
      // One waits less: what was contested before may be somebody's now.
      const more = await settleMailbox(parts, trx, keys, wait.mailbox_id, now);
      return { waitIds: [id, ...more.waitIds], runIds: [...(runId ? [runId] : []), ...more.runIds] };
    });
    signals.settled(settled.waitIds);
    runs.wake(settled.runIds);
  };

/** Ends a wait; the run behind it goes on and is told so. */
export const cancelWait =
  ({ db, clock, runs, signals }: InboxParts) =>
  async (caller: InboxCaller, id: string): Promise<void> => {
    const seen = await visible(db, caller).select("w.id").where("w.id", "=", id).executeTakeFirst();
    if (!seen) throw new PluginError("INBOX_WAIT_NOT_FOUND");
    const now = clock.now();
    const runId = await db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable("code_wait")
        .set({ state: "cancelled", settled_at: now })
        .where("id", "=", id)
        .where("state", "=", "waiting")
        .returning("run_id")
        .executeTakeFirst();
      if (!row) throw new PluginError("INBOX_WAIT_OVER");
      if (row.run_id) await runs.resume(trx, [row.run_id]);
      await writeAuditEvent(trx, {
        workspaceId: caller.workspaceId,
        at: now,
        actor: caller.actor,
        action: "inbox.wait_cancelled",
        subject: { kind: "code_wait", id },
        ...(row.run_id ? { runId: row.run_id } : {}),
      });
      return row.run_id;
    });
    signals.settled([id]);
    if (runId) runs.wake([runId]);
  };
