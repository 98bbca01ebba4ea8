import {
  about,
  type MailItem,
  mailSettings,
  type TestedMail,
  testedMail,
  testMailBody,
} from "../../../plugin/api/settings.ts";
import type { Access } from "../../access/authorize.ts";
import type { AuthenticatedCaller } from "../../access/caller.ts";
import { type App, callerOf } from "../../request/app.ts";
import { type AboutParts, readAbout } from "../read-about.ts";

export interface SettingsRouteParts extends AboutParts {
  readonly mailSettings: {
    readonly describe: (caller: AuthenticatedCaller) => Promise<MailItem[]>;
    readonly test: (caller: AuthenticatedCaller, what: "smtp" | "imap") => Promise<TestedMail>;
  };
}

const read: { access: Access } = { access: { may: ["settings:manage", "lists:read"] } };
const manage: { access: Access } = { access: { may: ["settings:manage"], fresh: true } };
const tags = ["settings"];

/** What the settings pages say of the server itself. People and sign-in have routes of their own. */
export function settingsRoutes(app: App, parts: SettingsRouteParts): void {
  app.get(
    "/api/v1/about",
    {
      config: read,
      schema: { tags, summary: "Version, database and health", response: { 200: about } },
    },
    async (request) => {
      const caller = callerOf(request);
      const [own, mail] = await Promise.all([
        readAbout(parts, caller.workspaceId),
        parts.mailSettings.describe(caller),
      ]);
      const ways = mail.filter(({ id, state }) => (id === "smtp" || id === "imap") && state !== "off");
      return {
        ...own,
        checks: [...own.checks, ...ways.map(({ title: name, state, text }) => ({ name, state, text }))],
      };
    },
  );

  app.get(
    "/api/v1/settings/mail",
    {
      config: read,
      schema: {
        tags,
        summary: "What is set for mail and webhooks, and what is missing; never a secret",
        response: { 200: mailSettings },
      },
    },
    async (request) => ({ items: await parts.mailSettings.describe(callerOf(request)) }),
  );

  app.post(
    "/api/v1/settings/mail/test",
    {
      config: manage,
      schema: {
        tags,
        summary: "Try a way in for mail",
        body: testMailBody,
        response: { 200: testedMail },
      },
    },
    async (request) => parts.mailSettings.test(callerOf(request), request.body.what),
  );
}
