import type { ApprovalWebhookBody } from "../../plugin/api/approvals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { OutboundRequest } from "../egress/send-outbound.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import type { ApprovalParts } from "./approvals-parts.ts";
import { signLink } from "./question-link.ts";
import { slackMessage } from "./slack-message.ts";

export interface WebhookParts extends ApprovalParts {
  readonly keyRing: KeyRing;
  readonly sendOutbound: OutboundRequest;
  /** Where the studio is. The address is known once the server listens. */
  readonly addresses: { readonly studioUrl: string };
}

const urlContext = (workspaceId: string) => ({
  table: "approval_webhook",
  rowId: workspaceId,
  column: "sealed_url",
});

/** What is set. The address holds a token, so only its host is shown. */
export async function readWebhook(
  { db }: WebhookParts,
  { workspaceId }: AuthenticatedCaller,
): Promise<ApprovalWebhookBody> {
  const row = await db
    .selectFrom("approval_webhook")
    .select(["host", "updated_at", "updated_by"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  const last = await db
    .selectFrom("approval")
    .select(["message_sent_at", "message_problem"])
    .where("workspace_id", "=", workspaceId)
    .where("message_attempts", ">", 0)
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return {
    host: row?.host ?? null,
    updated_at: row?.updated_at.toISOString() ?? null,
    updated_by: row?.updated_by ?? null,
    last_sent_at: last?.message_sent_at?.toISOString() ?? null,
    last_problem: last?.message_sent_at ? null : (last?.message_problem ?? null),
  };
}

/** Sets the address, or removes it with null. */
export async function setWebhook(
  { db, clock, keyRing }: WebhookParts,
  caller: AuthenticatedCaller,
  url: string | null,
): Promise<void> {
  const { workspaceId } = caller;
  const keys = await keyRing.forWorkspace(workspaceId);
  const at = clock.now();
  await db.transaction().execute(async (trx) => {
    if (url === null)
      await trx.deleteFrom("approval_webhook").where("workspace_id", "=", workspaceId).execute();
    else {
      const row = {
        sealed_url: keys.seal(urlContext(workspaceId), url),
        host: new URL(url).host,
        updated_at: at,
        updated_by: caller.name,
      };
      await trx
        .insertInto("approval_webhook")
        .values({ workspace_id: workspaceId, ...row })
        .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet(row))
        .execute();
    }
    await writeAuditEvent(trx, {
      ...auditFactsOf(caller),
      at,
      action: url === null ? "approval.webhook_removed" : "approval.webhook_set",
      ...(url === null ? {} : { reason: `host ${new URL(url).host}` }),
    });
  });
}

const patienceMs = 10_000;

export interface WebhookMessage {
  readonly workspaceId: string;
  readonly body: object;
  /** Ends the attempt, as the end of the process does. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends a body to a workspace's webhook. Says whether there is one; throws where it was not taken. */
export async function sendToWebhook(
  { db, keyRing, sendOutbound }: WebhookParts,
  { workspaceId, body, signal }: WebhookMessage,
): Promise<boolean> {
  const row = await db
    .selectFrom("approval_webhook")
    .select("sealed_url")
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  if (!row) return false;
  const keys = await keyRing.forWorkspace(workspaceId);
  const { status } = await sendOutbound({
    method: "POST",
    url: keys.open(urlContext(workspaceId), row.sealed_url).toString("utf8"),
    content: async () => ({ body }),
    signal: AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])]),
  });
  if (status >= 200 && status < 300) return true;
  throw new PluginError("UPSTREAM_FAILED", { message: `The webhook answered with status ${status}.` });
}

/** A message that says that it is a test. */
export async function testWebhook(parts: WebhookParts, { workspaceId }: AuthenticatedCaller): Promise<void> {
  const body = slackMessage({
    title: "Totem can reach this channel.",
    lines: ["This is a test. Questions to people will come here."],
    link: `${parts.addresses.studioUrl}/`,
    linkWords: "Open Totem",
  });
  if (!(await sendToWebhook(parts, { workspaceId, body })))
    throw new PluginError("NOT_FOUND", { message: "There is no webhook yet. Set its address first." });
}

/** The link that opens one question in the studio. */
export async function linkTo(
  { keyRing, addresses }: WebhookParts,
  question: { readonly id: string; readonly workspaceId: string; readonly expiresAt: Date },
): Promise<string> {
  const keys = await keyRing.forWorkspace(question.workspaceId);
  return `${addresses.studioUrl}/#approval=${signLink(keys, question)}`;
}
