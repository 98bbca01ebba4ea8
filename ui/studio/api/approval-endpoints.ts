import { type AskPolicy, approval, approvalList, askPolicyAnswer } from "../../../plugin/api/approvals.ts";
import { request } from "./request.ts";

const approvals = "/api/v1/approvals";

export const listQuestions = () => request(`${approvals}?limit=100`, { answer: approvalList });
export const answerQuestion = (id: string, decision: "approve" | "deny") =>
  request(`${approvals}/${encodeURIComponent(id)}`, { method: "POST", body: { decision }, answer: approval });
/** The question that a link from a message means. */
export const openQuestionLink = (token: string) =>
  request(`${approvals}/link`, { method: "POST", body: { token }, answer: approval });

/** What asks people: an entry by its id, an agent user by its name. */
export type Asking = { readonly entry: string } | { readonly username: string };

const askPath = (asking: Asking): string =>
  "entry" in asking
    ? `/api/v1/vault/entries/${encodeURIComponent(asking.entry)}/ask`
    : `/api/v1/agent-users/${encodeURIComponent(asking.username)}/ask`;
export const readAsk = (asking: Asking) => request(askPath(asking), { answer: askPolicyAnswer });
export const setAsk = (asking: Asking, ask: AskPolicy | null) =>
  request(askPath(asking), { method: "PUT", body: { ask }, answer: askPolicyAnswer });
