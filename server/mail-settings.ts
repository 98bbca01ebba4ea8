import { randomBytes, randomInt } from "node:crypto";
import type { Kysely } from "kysely";
import type { MailItem, TestedMail } from "../plugin/api/settings.ts";
import { PluginError } from "../plugin/plugin-error.ts";
import { requireScopes } from "./access/authorize.ts";
import { type AuthenticatedCaller, auditFactsOf } from "./access/caller.ts";
import { writeAuditEvent } from "./audit/audit-log.ts";
import type { Clock } from "./clock.ts";
import type { Tables } from "./database/tables.ts";
import type { Inbox } from "./inbox/inbox.ts";
import { describeMail } from "./mail/describe-mail.ts";
import type { MailRoute } from "./mail/imap-poller.ts";
import type { MailSettings, RunningMail } from "./mail/start-mail.ts";
import { sendToSelf, testMailbox } from "./mail/test-mail.ts";

export interface MailSettingsParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly settings: MailSettings;
  readonly inbox: Pick<Inbox, "addMailbox" | "deleteMailbox" | "findSecondOpinion">;
  /** Undefined before the start, and in a process that takes no mail. */
  readonly mail: () => RunningMail | undefined;
  readonly defaultWorkspaceId: string;
  readonly egress: MailRoute;
}

/** What the settings page says of mail, and its tests. Mail comes in for the server's own workspace. */
export const createMailSettings = (parts: MailSettingsParts) => ({
  describe: describeMailSettings.bind(null, parts),
  test: testMail.bind(null, parts),
});

export async function describeMailSettings(
  parts: MailSettingsParts,
  { workspaceId }: AuthenticatedCaller,
): Promise<MailItem[]> {
  const { settings, mail, defaultWorkspaceId } = parts;
  const own = workspaceId === defaultWorkspaceId ? describeMail(settings, mail()) : [notHere];
  return [...own, await describeSources(parts, workspaceId), await describeOpinion(parts, workspaceId)];
}

const notHere: MailItem = {
  id: "domain",
  title: "Mail",
  state: "off",
  text: "Mail by SMTP and IMAP comes in for the server's own workspace only.",
  facts: [],
  missing: ["Add a source of messages to this workspace: an address that is asked, a signed webhook or SMS."],
};

const sourceWords = {
  twilio: "SMS by Twilio",
  webhook: "Signed webhook",
  pull: "Address that is asked",
} as const;

async function describeSources({ db }: MailSettingsParts, workspaceId: string): Promise<MailItem> {
  const rows = await db
    .selectFrom("inbox_source")
    .select(["name", "kind", "disabled_at", "failures"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("name")
    .execute();
  const common = { id: "sources", title: "Webhooks, SMS, and web addresses that Totem reads" } as const;
  if (rows.length === 0)
    return {
      ...common,
      state: "off",
      text: "No other source of messages is set up.",
      facts: [],
      missing: ["Add one over the API: POST /api/v1/inbox/sources. See docs/inbox.md."],
    };
  const failing = rows.filter(({ disabled_at, failures }) => disabled_at === null && failures > 0);
  return {
    ...common,
    state: failing.length > 0 ? "warning" : rows.every(({ disabled_at }) => disabled_at) ? "off" : "ok",
    text: `${rows.length} ${rows.length === 1 ? "source is" : "sources are"} set up.`,
    facts: rows.map(({ name, kind, disabled_at }) => ({
      name,
      value: `${sourceWords[kind]}${disabled_at ? ", switched off" : ""}`,
    })),
    missing: failing.map(({ name }) => `The last attempt to ask ${name} failed; Totem tries again.`),
  };
}

async function describeOpinion({ inbox }: MailSettingsParts, workspaceId: string): Promise<MailItem> {
  const model = await inbox.findSecondOpinion(workspaceId);
  const common = { id: "second_opinion", title: "Second opinion on unclear messages" } as const;
  if (!model)
    return {
      ...common,
      state: "off",
      text: "No model reads messages. A message without a clear code waits for a person.",
      facts: [],
      missing: [],
    };
  return {
    ...common,
    state: "ok",
    text: "Messages without a clear code leave this server for this model's provider.",
    facts: ["provider", "model", "model_key"].flatMap((name) =>
      model[name]
        ? [
            {
              name: name === "model_key" ? "Key" : name === "model" ? "Model" : "Provider",
              value: String(model[name]),
            },
          ]
        : [],
    ),
    missing: [],
  };
}

/** Tries a way in for mail, and says in sentences what came of it. */
export async function testMail(
  parts: MailSettingsParts,
  caller: AuthenticatedCaller,
  what: "smtp" | "imap",
): Promise<TestedMail> {
  if (caller.workspaceId !== parts.defaultWorkspaceId)
    throw new PluginError("FORBIDDEN", { message: "Mail comes in for the server's own workspace only." });
  const { TOTEM_IMAP_URL: imapUrl } = parts.settings;
  const tested =
    what === "smtp"
      ? await testSmtp(parts, caller)
      : imapUrl === undefined
        ? { ok: false, steps: ["No mailbox is set: TOTEM_IMAP_URL is empty."] }
        : await testMailbox(parts.egress, imapUrl.open());
  await writeAuditEvent(parts.db, {
    ...auditFactsOf(caller),
    at: parts.clock.now(),
    action: "settings.mail_tested",
    subject: { kind: "mail", id: what },
    reason: tested.ok ? "ok" : "failed",
  });
  return tested;
}

/** One message the whole way: over SMTP, into a mailbox that is there for it, and read. Nothing of it stays. */
async function testSmtp(parts: MailSettingsParts, caller: AuthenticatedCaller): Promise<TestedMail> {
  const { db, settings, inbox } = parts;
  const { TOTEM_MAIL_DOMAIN: domain, TOTEM_SMTP_HOST: host } = settings;
  const port = parts.mail()?.smtpPort;
  if (port === undefined || domain === undefined)
    return {
      ok: false,
      steps: ["This process takes no mail by SMTP. Set TOTEM_SMTP_PORT and TOTEM_MAIL_DOMAIN."],
    };
  // The mailbox of the test is made and deleted in the caller's name.
  requireScopes(caller, ["mail:manage"]);
  const address = `totem-test-${randomBytes(6).toString("hex")}@${domain}`;
  const mailbox = await inbox.addMailbox(caller, address);
  try {
    const text = `Your verification code is ${randomInt(100_000, 1_000_000)}`;
    const sent = { host, port, from: `totem-test@${domain}`, to: address, subject: "A test", text };
    const said = await sendToSelf(sent).catch((error: Error) => error);
    if (said instanceof Error)
      return { ok: false, steps: [`The server refused its own test message: ${said.message}`] };
    const steps = [`A test message came in over SMTP on port ${port}.`];
    const stored = await db
      .selectFrom("inbox_message")
      .select("kind")
      .where("mailbox_id", "=", mailbox.id)
      .executeTakeFirst();
    if (stored?.kind !== "code")
      return { ok: false, steps: [...steps, "It was not stored, or its code was not found."] };
    return { ok: true, steps: [...steps, "It was stored, its code was found, and it was deleted again."] };
  } finally {
    await inbox.deleteMailbox(caller, mailbox.id);
  }
}
