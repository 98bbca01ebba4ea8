import { writeAuditEvent } from "../audit/audit-log.ts";
import { lockMailbox } from "./find-mailbox.ts";
import type { InboxCaller } from "./inbox-caller.ts";
import { headPlace, type InboxParts } from "./inbox-parts.ts";
import { openBody, readAgain, rowsOf } from "./messages.ts";
import type { MessageHead } from "./read-delivery.ts";
import type { Reading } from "./reading/reading.ts";
import { settleMailbox } from "./settle-mailbox.ts";
import { openHead } from "./settled-message.ts";

/** The settings of an `ai_model` node; the key is named, never held. */
export type OpinionModel = Readonly<Record<string, unknown>>;

/** Asks a model about a text and gives what it said. */
export type AskOpinion = (workspaceId: string, model: OpinionModel, text: string) => Promise<string>;

/** As much as a message with a code ever is. */
const longestText = 8_000;

/**
 * What a model said, if it may count: the very characters stand in the message by themselves, and where several codes
 * were plausible it is one of those. Whatever else a model says, or was made to say, is nothing.
 */
export function opinionOf(
  said: string,
  reading: Pick<Reading, "kind" | "text" | "candidates">,
): string | undefined {
  const word = said.trim().replace(/^["'`]|["'`.]$/g, "");
  const value = word.replace(/[\s-]/g, "");
  if (!/^[A-Z0-9]{4,12}$/i.test(value)) return undefined;
  const { text, candidates = [] } = reading;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = `${text.charAt(at - 1)} ${text.charAt(at + word.length)}`;
    if (/[\p{L}\p{N}]/u.test(around)) continue;
    if (reading.kind === "ambiguous")
      return candidates.find((each) => each.kind === "code" && each.value === value)?.value;
    return /\d/.test(value) ? value : undefined;
  }
  return undefined;
}

/** The model of a workspace that is asked, if any. */
export const findSecondOpinion =
  ({ db }: Pick<InboxParts, "db">) =>
  async (workspaceId: string): Promise<OpinionModel | null> => {
    const row = await db
      .selectFrom("inbox_setting")
      .select("second_opinion")
      .where("workspace_id", "=", workspaceId)
      .executeTakeFirst();
    return row?.second_opinion ?? null;
  };

export const setSecondOpinion =
  ({ db, clock }: Pick<InboxParts, "db" | "clock">) =>
  async ({ workspaceId, actor }: InboxCaller, model: OpinionModel | null): Promise<void> => {
    const second_opinion = model && JSON.stringify(model);
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto("inbox_setting")
        .values({ workspace_id: workspaceId, second_opinion })
        .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet({ second_opinion }))
        .execute();
      await writeAuditEvent(trx, {
        workspaceId,
        at: clock.now(),
        actor,
        action: "inbox.second_opinion_changed",
        subject: { kind: "workspace", id: workspaceId },
      });
    });
  };

/** Asks the workspace's model, where it has one, about a message without a clear code; what counts is handed out. */
export const askSecondOpinion =
  (parts: InboxParts) =>
  async (workspaceId: string, id: string, ask: AskOpinion): Promise<void> => {
    const { db, clock, keyRing } = parts;
    const model = await findSecondOpinion(parts)(workspaceId);
    if (!model) return;
    const row = await rowsOf(db)
      .select("i.sealed_body")
      .where("i.workspace_id", "=", workspaceId)
      .where("i.id", "=", id)
      .where("i.kind", "in", ["none", "ambiguous"])
      .where("i.taken_at", "is", null)
      .executeTakeFirst();
    const keys = await keyRing.forWorkspace(workspaceId);
    const body = row && openBody(keys, row);
    if (!row || !body) return;
    const head = openHead(keys, row);
    const reading = readAgain(row, head, body);
    const value = opinionOf(await ask(workspaceId, model, reading.text.slice(0, longestText)), reading);
    const because = [...head.because, value === undefined ? refused : accepted];
    const found: MessageHead["found"] =
      value === undefined ? head.found : [{ kind: "code", value, confidence: 0.5, start: 0, end: 0 }];
    const settled = await db.transaction().execute(async (trx) => {
      await lockMailbox(trx, row.mailbox_id);
      const now = clock.now();
      const changed = await trx
        .updateTable("inbox_message")
        .set({
          sealed_head: keys.seal(headPlace(id), JSON.stringify({ ...head, found, because })),
          modified_at: now,
          ...(value === undefined ? {} : { kind: "code", confidence: 0.5 }),
        })
        .where("id", "=", id)
        .where("taken_at", "is", null)
        .where("purged_at", "is", null)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) return undefined;
      return settleMailbox(parts, trx, keys, row.mailbox_id, now);
    });
    if (!settled) return;
    parts.signals.settled(settled.waitIds);
    parts.runs.wake(settled.runIds);
  };

const accepted = { rule: "second-opinion", text: "A model was asked and names it, and it stands there so." };
const refused = {
  rule: "second-opinion",
  text: "A model was asked, and what it said is no code that stands there.",
};
