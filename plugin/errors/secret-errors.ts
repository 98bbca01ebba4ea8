import { defineErrors } from "./define-errors.ts";

/** Errors of the vault, of questions to people, and of secrets on their way out. */
export const secretErrors = defineErrors({
  VAULT_ENTRY_NOT_FOUND: {
    status: 404,
    retryable: false,
    message: "There is no such vault entry that this caller may use.",
  },
  VAULT_NAME_AMBIGUOUS: {
    status: 409,
    retryable: false,
    message: "Several vault entries have this name. Say which one by its id.",
  },
  VAULT_NAME_TAKEN: {
    status: 409,
    retryable: false,
    message: "There is a vault entry of this name already. Choose another name or replace that one.",
  },
  VAULT_ENTRY_HAS_NO_CODES: {
    status: 409,
    retryable: false,
    message: "This vault entry has no second factor. Add its setup key first.",
  },
  VAULT_ENTRY_EXPIRED: { status: 409, retryable: false, message: "This vault entry has expired." },
  VAULT_ENTRY_PENDING: {
    status: 409,
    retryable: false,
    message: "No code of this vault entry was confirmed yet. A manager of the entry can confirm one.",
  },
  POLICY_REFUSED: {
    status: 403,
    retryable: false,
    message: "The grant does not allow this here or now. A manager of the entry can change it.",
  },
  APPROVAL_NEEDED: {
    status: 409,
    retryable: true,
    message: "A person has to approve this first. They were asked in the studio; try again after that.",
  },
  APPROVAL_DENIED: {
    status: 403,
    retryable: false,
    message: "A person said no to this. Go on without it.",
  },
  APPROVAL_EXPIRED: {
    status: 409,
    retryable: true,
    message: "No person answered in time, or the answer is too old. A new call asks again.",
  },
  APPROVAL_WITHDRAWN: {
    status: 409,
    retryable: true,
    message: "The question was withdrawn before it was answered. A new call asks again where it is needed.",
  },
  APPROVAL_NOT_YOURS: {
    status: 403,
    retryable: false,
    message: "You asked for this or caused it, so your answer does not count. Another person has to answer.",
  },
  APPROVAL_ANSWERED: {
    status: 409,
    retryable: false,
    message: "You have answered this question already. Another person has to answer too.",
  },
  APPROVAL_LINK_REFUSED: {
    status: 404,
    retryable: false,
    message: "This link is too old, or is not one of this workspace. Open questions are behind the bell.",
  },
  APPROVAL_NOT_FOUND: { status: 404, retryable: false, message: "There is no such question to answer." },
  APPROVAL_DECIDED: { status: 409, retryable: false, message: "This question was answered or is too old." },
  VAULT_ENTRY_CHANGED: {
    status: 409,
    retryable: false,
    message: "Another change of where this entry belongs came first. Look at it, then change it again.",
  },
  HANDLE_REFUSED: {
    status: 409,
    retryable: false,
    message: "This handle stands for nothing any more: it was used, is too old, or is not yours.",
  },
  SECRET_MISPLACED: {
    status: 400,
    retryable: false,
    message: "A secret may stand in the value of a header, in the query or in the body, not here.",
  },
  SECRET_FIELD_UNKNOWN: {
    status: 404,
    retryable: false,
    message: "The vault entry has no such field that is a text. Look its fields up with vault_list.",
  },
  REACH_REFUSED: {
    status: 403,
    retryable: false,
    message:
      "This agent may not send that request there. Its builder can change where it may send on the agent node.",
  },
  REACH_RATE_LIMITED: {
    status: 429,
    retryable: true,
    message: "This agent has sent as many requests there as it may in a minute. Try again later.",
  },
  PROXY_CREDENTIAL_NEEDED: {
    status: 407,
    retryable: false,
    message:
      "Say who you are: HTTPS_PROXY=http://<agent user>:<credential>@<proxy>. A person makes the credential in the studio, beside the agent's MCP addresses.",
  },
  PROXY_REFUSED: {
    status: 400,
    retryable: false,
    message: "The proxy cannot pass this request on. Send HTTP/1.1 to a host and port.",
  },
  HOST_MISMATCH: {
    status: 421,
    retryable: false,
    message: "The Host header names another host than the one you connected to. Connect to that host.",
  },
  SECRET_NOT_FOR_ORIGIN: {
    status: 403,
    retryable: false,
    message: "This secret belongs to other addresses. A manager of the entry can add an origin.",
  },
});
