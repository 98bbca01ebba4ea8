import type { RunArrival } from "../../plugin/api/runs.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { answerWait, arrivalAt, type HeldMailbox, handOut, type OpenWaitRow } from "./hand-out-codes.ts";
import { inMailbox, runIdsOf } from "./in-mailbox.ts";
import { codeLifeMs, type InboxParts } from "./inbox-parts.ts";
import { candidatesFor, readableWaits } from "./list-waits.ts";

/** What a person picked from the messages that fit a wait, or a code that they have from elsewhere. */
export type HandAnswer = { readonly id: string } & (
  | { readonly messageId: string; readonly value: string }
  | { readonly code: string }
);

/** Gives a wait a person's answer. */
export async function answerByHand(
  parts: InboxParts,
  caller: AuthenticatedCaller,
  answer: HandAnswer,
): Promise<void> {
  const { id } = answer;
  const { workspaceId } = caller;
  const mailboxId = await findMailboxOfWait(parts, caller, id);
  const answered = await inMailbox(parts, { workspaceId, mailboxId }, async (held) => {
    const wait = await held.trx
      .selectFrom("code_wait")
      .selectAll()
      .where("id", "=", id)
      .where("state", "=", "waiting")
      .where("expires_at", ">", held.now)
      .forUpdate()
      .executeTakeFirst();
    if (!wait) throw new PluginError("INBOX_WAIT_OVER");
    const arrival =
      "code" in answer
        ? await giveCode(held, { wait, code: answer.code, caller })
        : await givePicked(held, { wait, ...answer, caller });
    const arrivals = arrivalAt(wait, arrival);
    if (arrivals.length > 0) {
      await parts.runs.tell(held.trx, arrivals);
      await parts.runs.resume(
        held.trx,
        arrivals.map(({ runId }) => runId),
      );
    }
    held.wake({ waitIds: [id], runIds: runIdsOf([wait]) });
    // With one wait less, a message that fitted two may fit one alone.
    await held.matchCodes();
    return true;
  });
  if (!answered) throw new PluginError("INBOX_WAIT_NOT_FOUND");
}

interface Giving {
  readonly wait: OpenWaitRow;
  readonly caller: AuthenticatedCaller;
}
type Arrival = Pick<RunArrival, "kind" | "senderHost">;

async function giveCode(
  held: HeldMailbox,
  { wait, caller, code }: Giving & { readonly code: string },
): Promise<Arrival> {
  const { trx, now } = held;
  await answerWait(held, wait, {
    kind: "code",
    value: code,
    senderHost: "",
    messageId: null,
    receivedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + codeLifeMs).toISOString(),
  });
  await writeAuditEvent(trx, {
    ...auditFactsOf(caller),
    at: now,
    action: "inbox.code_given",
    subject: { kind: "code_wait", id: wait.id },
    ...(wait.run_id ? { runId: wait.run_id } : {}),
    ...(wait.node_id ? { nodeId: wait.node_id } : {}),
  });
  return { kind: "code", senderHost: "" };
}

async function givePicked(
  held: HeldMailbox,
  { wait, caller, messageId, value }: Giving & { readonly messageId: string; readonly value: string },
): Promise<Arrival> {
  const candidates = await candidatesFor(held, wait);
  const message = candidates.find(({ id }) => id === messageId);
  const found = message?.head().found.find((each) => each.value === value);
  const given = message && found && (await handOut(held, { wait, message, found, by: caller.actor }));
  if (!given) throw new PluginError("INBOX_MESSAGE_NOT_FOUND");
  return { kind: found.kind, senderHost: message.sender_host };
}

/** Ends a wait. Its run learns of this and continues. */
export async function cancelWait(parts: InboxParts, caller: AuthenticatedCaller, id: string): Promise<void> {
  const mailboxId = await findMailboxOfWait(parts, caller, id);
  const { workspaceId } = caller;
  const cancelled = await inMailbox(parts, { workspaceId, mailboxId }, async ({ trx, now, wake }) => {
    const row = await trx
      .updateTable("code_wait")
      .set({ state: "cancelled", settled_at: now })
      .where("id", "=", id)
      .where("state", "=", "waiting")
      .returning("run_id")
      .executeTakeFirst();
    if (!row) throw new PluginError("INBOX_WAIT_OVER");
    const runIds = runIdsOf([row]);
    await parts.runs.resume(trx, runIds);
    await writeAuditEvent(trx, {
      ...auditFactsOf(caller),
      at: now,
      action: "inbox.wait_cancelled",
      subject: { kind: "code_wait", id },
      ...(row.run_id ? { runId: row.run_id } : {}),
    });
    wake({ waitIds: [id], runIds });
    return true;
  });
  if (!cancelled) throw new PluginError("INBOX_WAIT_NOT_FOUND");
}

async function findMailboxOfWait({ db }: InboxParts, caller: AuthenticatedCaller, id: string) {
  const found = await readableWaits(db, caller)
    .select("w.mailbox_id")
    .where("w.id", "=", id)
    .executeTakeFirst();
  if (!found) throw new PluginError("INBOX_WAIT_NOT_FOUND");
  return found.mailbox_id;
}
