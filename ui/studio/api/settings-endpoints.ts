import { about, mailSettings, testedMail } from "../../../plugin/api/settings.ts";
import { request } from "./request.ts";

/** What the settings pages ask of the server itself. */

export const readAbout = () => request("/api/v1/about", { answer: about });
export const readMailSettings = () => request("/api/v1/settings/mail", { answer: mailSettings });
export const testMail = (what: "smtp" | "imap") =>
  request("/api/v1/settings/mail/test", { method: "POST", body: { what }, answer: testedMail });
