import { approvalWebhook } from "../../../plugin/api/approvals.ts";
import { about, mailSettings, testedMail } from "../../../plugin/api/settings.ts";
import { request } from "./request.ts";

/** What the settings pages ask of the server itself. */

export const readAbout = () => request("/api/v1/about", { answer: about });
export const readMailSettings = () => request("/api/v1/settings/mail", { answer: mailSettings });
export const testMail = (what: "smtp" | "imap") =>
  request("/api/v1/settings/mail/test", { method: "POST", body: { what }, answer: testedMail });

const webhook = "/api/v1/settings/approval-webhook";
export const readQuestionWebhook = () => request(webhook, { answer: approvalWebhook });
export const setQuestionWebhook = (url: string) =>
  request(webhook, { method: "PUT", body: { url }, answer: approvalWebhook });
export const removeQuestionWebhook = () => request(webhook, { method: "DELETE", answer: approvalWebhook });
export const testQuestionWebhook = () => request(`${webhook}/test`, { method: "POST" });
