import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { CodeWaitBody, OpenedWaitBody } from "../../plugin/api/inbox.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { CodeWaitTable, MailboxTable, Tables } from "../database/tables.ts";
import { type HeldMailbox, type OpenWaitRow, toCandidate, toOpenWait } from "./hand-out-codes.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { selectMessages } from "./list-messages.ts";
import { type Candidate, fits } from "./match-codes.ts";
import { openBody, openHead, readAgain } from "./read-delivery.ts";
import type { Reading } from "./reading/reading.ts";
import { mayList, mayRead } from "./rights.ts";

/** How long waits that have ended are still listed. */
const listedMs = 60 * 60 * 1000;
const mostListed = 200;

const waitsAt = (db: Kysely<Tables>) =>
  db.selectFrom("code_wait as w").innerJoin("mailbox as m", "m.id", "w.mailbox_id");

export const readableWaits = (db: Kysely<Tables>, caller: AuthenticatedCaller) =>
  waitsAt(db).where(mayRead(caller));

type ReadableWaits = SelectQueryBuilder<
  Tables & { w: CodeWaitTable; m: MailboxTable },
  "w" | "m",
  Record<never, never>
>;

const selectWait = (query: ReadableWaits) =>
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
      "w.run_id",
      "f.slug as workflow_slug",
      "w.node_id",
      "w.begun_at",
      "w.expires_at",
      sql<
        CodeWaitBody["state"]
      >`case when w.state = 'waiting' and r.status in ('succeeded', 'failed', 'cancelled')
        then 'cancelled' else w.state end`.as("state"),
      "w.ambiguous",
    ]);

type WaitRow = Awaited<ReturnType<ReturnType<typeof selectWait>["execute"]>>[number];

const showWait = ({ begun_at, expires_at, ...wait }: WaitRow): CodeWaitBody => ({
  ...wait,
  begun_at: begun_at.toISOString(),
  expires_at: expires_at.toISOString(),
});

export async function listWaits(
  { db, clock }: InboxParts,
  caller: AuthenticatedCaller,
  { runId }: { readonly runId?: string | undefined } = {},
): Promise<CodeWaitBody[]> {
  const listed = waitsAt(db).where(mayList(caller));
  const rows = await selectWait(listed)
    .where("w.begun_at", ">", new Date(clock.now().getTime() - listedMs))
    .$if(runId !== undefined, (query) => query.where("w.run_id", "=", runId ?? null))
    .orderBy("w.begun_at", "desc")
    .limit(mostListed)
    .execute();
  return rows.map(showWait);
}

/** A wait with what a person may pick from. Audited: codes are in it. */
export async function openWait(
  { db, clock, keyRing }: InboxParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<OpenedWaitBody> {
  const found = await selectWait(readableWaits(db, caller)).where("w.id", "=", id).executeTakeFirst();
  if (!found) throw new PluginError("INBOX_WAIT_NOT_FOUND");
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const wait = await db.selectFrom("code_wait").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const now = clock.now();
  const candidates = found.state === "waiting" ? await candidatesFor({ trx: db, keys, now }, wait) : [];
  await writeAuditEvent(db, {
    ...auditFactsOf(caller),
    at: now,
    action: "inbox.message_read",
    subject: { kind: "code_wait", id },
  });
  return {
    ...showWait(found),
    // A person may give the wait a message that does not fit it, but is not offered one.
    candidates: candidates
      .filter((message) => fits(toOpenWait(wait), message))
      .flatMap((message) => {
        const head = message.head();
        return head.found.map(({ kind, value }) => ({
          message_id: message.id,
          sender: message.sender,
          sender_host: message.sender_host,
          received_at: message.received_at.toISOString(),
          subject: head.subject,
          kind,
          value,
          context: message.wordsAround(value),
        }));
      }),
  };
}

interface PickableMessage extends Candidate {
  readonly wordsAround: (value: string) => string;
}

/** Messages of a wait's mailbox that were given to no wait and are not another run's, newest first. */
export async function candidatesFor(
  { trx, keys, now }: Pick<HeldMailbox, "trx" | "keys" | "now">,
  wait: OpenWaitRow,
): Promise<PickableMessage[]> {
  const rows = await selectMessages(trx)
    .select(["i.sealed_body", "i.contested", "i.taken_by_kind", "i.taken_by_id"])
    .where("i.mailbox_id", "=", wait.mailbox_id)
    .where("i.expires_at", ">", now)
    .where("i.taken_at", "is", null)
    .where("i.kind", "<>", "none")
    .where((eb) =>
      eb.or([eb("i.run_id", "is", null), eb("i.run_id", "=", wait.run_id ?? wait.for_run ?? "")]),
    )
    .orderBy("i.received_at", "desc")
    .limit(mostListed)
    .execute();
  return rows.map((row) => ({
    ...toCandidate(keys, row),
    wordsAround: (value) => {
      const body = openBody(keys, row);
      return body ? around(readAgain(row, openHead(keys, row).subject, body), value) : "";
    },
  }));
}

/** Enough characters to tell two codes apart. */
const aroundLength = 60;

function around({ text, candidates = [], ...reading }: Reading, value: string): string {
  const choice = candidates.find((each) => each.value === value);
  const at = choice?.start ?? (reading.value === value ? text.indexOf(value) : -1);
  if (at < 0) return "";
  return text
    .slice(Math.max(0, at - aroundLength), (choice?.end ?? at + value.length) + aroundLength)
    .replace(/\s+/g, " ")
    .trim();
}
