import type { AuthenticatedCaller } from "../access/caller.ts";
import { answerApproval } from "./answer-approval.ts";
import { stillAsks } from "./ask-people.ts";
import { readAskPolicy, setAskPolicy } from "./ask-policy.ts";
import { getApproval, listApprovals } from "./list-approvals.ts";
import { readLink } from "./question-link.ts";
import { settleQuestions } from "./settle-questions.ts";
import { tellPeople } from "./tell-people.ts";
import { readWebhook, setWebhook, testWebhook, type WebhookParts } from "./webhook.ts";

/**
 * The room of questions to people: may this call read this code? Promises: one yes opens one read of one call. The
 * person who asked or caused it never counts. One no ends it. A run that waits for an answer is suspended.
 *
 * The rooms that give codes out decide whether to ask, and ask by `askPeople`; their statements use the yes up.
 */
export const createApprovals = (parts: WebhookParts) => ({
  list: listApprovals.bind(null, parts),
  get: getApproval.bind(null, parts),
  openLink: async (caller: AuthenticatedCaller, token: string) =>
    getApproval(parts, caller, await readLink(parts, caller, token)),
  answer: answerApproval.bind(null, parts),
  stillAsks,
  readPolicy: readAskPolicy.bind(null, parts),
  setPolicy: setAskPolicy.bind(null, parts),
  settle: settleQuestions.bind(null, parts),
  tell: tellPeople.bind(null, parts),
  readWebhook: readWebhook.bind(null, parts),
  setWebhook: setWebhook.bind(null, parts),
  testWebhook: testWebhook.bind(null, parts),
});

export type Approvals = ReturnType<typeof createApprovals>;
