import { defineErrors } from "./errors/define-errors.ts";
import { peopleErrors } from "./errors/people-errors.ts";
import { secretErrors } from "./errors/secret-errors.ts";

/**
 * Every error that Totem throws on purpose. Codes are stable, so clients may branch on them. `message` says what is wrong
 * and what to do next, and never repeats what was sent.
 *
 * @example errorCodes.RATE_LIMITED.status // 429
 */
export const errorCodes = defineErrors({
  INPUT_INVALID: { status: 400, retryable: false, message: "The input does not have the expected shape." },
  BODY_TOO_LARGE: { status: 413, retryable: false, message: "The request body is too large." },
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    message: "Send a valid key as a bearer token, or sign in.",
  },
  FORBIDDEN: { status: 403, retryable: false, message: "This caller may not do that." },
  SESSION_PROOF_NEEDED: {
    status: 401,
    retryable: false,
    message: "A session cookie opens nothing without the x-totem-proof header of the page that signed in.",
  },
  PROOF_OF_KEY_REFUSED: {
    status: 401,
    retryable: false,
    message:
      "This token is bound to a key. Send it as “Authorization: DPoP …”, with a new DPoP proof of that key for each request.",
  },
  WORKLOAD_REFUSED: {
    status: 400,
    retryable: false,
    message:
      "This token does not get in. An administrator can test it in the studio: Settings, Workload identity.",
  },
  ISSUER_NOT_FOUND: { status: 404, retryable: false, message: "There is no such trusted issuer." },
  RULE_NOT_FOUND: { status: 404, retryable: false, message: "There is no such rule." },
  FOREIGN_REQUEST: {
    status: 403,
    retryable: false,
    message: "This request comes from another site, or names a host that is not this server's.",
  },
  FRESH_PROOF_NEEDED: {
    status: 403,
    retryable: false,
    message:
      "Prove first that it is you: a passkey, or a code in the header x-totem-code. It is good for 10 minutes.",
  },
  NOT_FOUND: { status: 404, retryable: false, message: "There is nothing at this address." },
  WORKFLOW_NOT_FOUND: { status: 404, retryable: false, message: "There is no such workflow." },
  WORKFLOW_VERSION_STALE: {
    status: 409,
    retryable: false,
    message: "This workflow was saved since you read it. Reload and try again.",
  },
  WORKFLOW_INVALID: {
    status: 422,
    retryable: false,
    message: "The workflow has problems. Fix them and run again.",
  },
  NODE_NOT_FOUND: { status: 404, retryable: false, message: "The workflow has no such node." },
  NODE_NOT_CALLABLE: { status: 409, retryable: false, message: "Only tool nodes can be called." },
  RUN_NOT_FOUND: { status: 404, retryable: false, message: "There is no such run." },
  RUN_FINISHED: { status: 409, retryable: false, message: "The run has already finished." },
  RUN_CANCELLED: { status: 409, retryable: false, message: "The run was cancelled." },
  RUN_TOO_LONG: {
    status: 422,
    retryable: false,
    message: "The agent used all its steps without finishing. Raise the limit or simplify its task.",
  },
  AGENT_NOT_CONNECTED: { status: 409, retryable: false, message: "Connect this tool to an agent." },
  TOOL_NOT_WIRED: {
    status: 409,
    retryable: false,
    message: "The agent lacks a tool for this. Connect one to its Tools diamond.",
  },
  AGENT_AMBIGUOUS: {
    status: 409,
    retryable: false,
    message: "Several agents use this tool. Say which one is calling.",
  },
  AGENT_USER_NOT_FOUND: {
    status: 404,
    retryable: false,
    message: "There is no such agent user. Call create_agent_user first.",
  },
  AGENT_USER_DISABLED: {
    status: 403,
    retryable: false,
    message: "This agent user is disabled. An owner, administrator or operator can enable it.",
  },
  USERNAME_CONFLICT: {
    status: 409,
    retryable: false,
    message: "Another agent user already has this username. Rename the node.",
  },
  CODE_REJECTED: {
    status: 401,
    retryable: true,
    message: "The code was not accepted. Get a fresh one and try again.",
  },
  INBOX_ADDRESS_NOT_FOUND: {
    status: 404,
    retryable: false,
    message:
      "There is no such mailbox for this caller. An owner, administrator or operator can add it and name its readers.",
  },
  INBOX_ADDRESS_TAKEN: { status: 409, retryable: false, message: "There is such a mailbox already." },
  INBOX_ID_UNKNOWN: {
    status: 400,
    retryable: false,
    message: "This workspace has no run or workflow with this id.",
  },
  INBOX_MESSAGE_NOT_FOUND: { status: 404, retryable: false, message: "There is no such message." },
  INBOX_SOURCE_NOT_FOUND: { status: 404, retryable: false, message: "There is no such source." },
  INBOX_SOURCE_NAME_TAKEN: {
    status: 409,
    retryable: false,
    message: "There is a source of this name already. Choose another name.",
  },
  INBOX_WAIT_NOT_FOUND: { status: 404, retryable: false, message: "There is no wait with this id." },
  INBOX_WAIT_OVER: { status: 409, retryable: false, message: "This wait is over already." },
  INBOX_WAIT_CANCELLED: { status: 409, retryable: false, message: "The wait for a code was cancelled." },
  CODE_NOT_RECEIVED: {
    status: 404,
    retryable: true,
    message: "No code came in time. Have it sent again, and wait again.",
  },
  CODE_AMBIGUOUS: {
    status: 409,
    retryable: true,
    message: "Not sure: a message came, but which code is meant, or whose it is, only a person can say.",
  },
  RATE_LIMITED: { status: 429, retryable: true, message: "Too many attempts. Wait and try again." },
  CODE_IN_USE: {
    status: 409,
    retryable: true,
    message: "The code of this window was handed out already, and this entry gives each one once.",
  },
  ...secretErrors,
  ...peopleErrors,
  VAULT_SECRET_GONE: {
    status: 409,
    retryable: false,
    message: "There is no earlier second factor that could still be brought back.",
  },
  BACKUP_CODES_EXHAUSTED: { status: 409, retryable: false, message: "No backup codes are left." },
  ENROLMENT_REFUSED: { status: 400, retryable: false, message: "The setup key cannot be read." },
  GRANT_NOT_FOUND: { status: 404, retryable: false, message: "There is no such grant." },
  SIGNATURE_REFUSED: {
    status: 401,
    retryable: false,
    message:
      "This installation signs its calls, and this one is not signed by a key pair that a person has confirmed. See it in Totem, under Hosts.",
  },
  INSTALLATION_NOT_FOUND: { status: 404, retryable: false, message: "There is no such installation." },
  INSTALLATION_IN_USE: {
    status: 409,
    retryable: false,
    message: "A key speaks for this installation. Revoke its keys first.",
  },
  KEY_PAIR_NOT_FOUND: { status: 404, retryable: false, message: "There is no such key pair." },
  TOO_MANY_KEY_PAIRS: {
    status: 409,
    retryable: false,
    message:
      "This installation has 10 confirmed key pairs. Remove those that are not in use in Totem, under Hosts.",
  },
  KEY_NOT_FOUND: { status: 404, retryable: false, message: "There is no such key." },
  MODEL_KEY_NOT_FOUND: {
    status: 409,
    retryable: false,
    message: "The AI Model node names a key that does not exist. Add the key or choose another.",
  },
  MODEL_FAILED: {
    status: 502,
    retryable: true,
    message: "The model did not answer. Check the provider, the model's name and the key.",
  },
  SCRIPT_INVALID: {
    status: 422,
    retryable: false,
    message: "The scripted model refers to a result that is not there.",
  },
  TOOL_UNKNOWN: { status: 404, retryable: false, message: "The agent has no such tool." },
  OUTCOME_UNKNOWN: {
    status: 409,
    retryable: false,
    message: "The worker stopped during this call, and it may have taken effect. Check before calling again.",
  },
  ADDRESS_REFUSED: { status: 403, retryable: false, message: "That address is not on the allow-list." },
  UPSTREAM_FAILED: { status: 502, retryable: true, message: "The other server did not answer." },
  SEALED_VALUE_UNREADABLE: { status: 500, retryable: false, message: "A sealed value cannot be opened." },
  MASTER_KEY_MISSING: {
    status: 500,
    retryable: false,
    message:
      "No master key. Set TOTEM_MASTER_KEY, TOTEM_MASTER_KEY_FILE, TOTEM_TRANSIT_KEY or TOTEM_MASTER_KEY_COMMAND.",
  },
  KEY_PROVIDER_FAILED: {
    status: 503,
    retryable: true,
    message: "The service that holds the master key did not wrap or unwrap a key. Try again, or look at it.",
  },
  MASTER_KEY_WRONG: { status: 500, retryable: false, message: "The master key does not open this database." },
  SETTING_INVALID: { status: 500, retryable: false, message: "A setting is not valid." },
  DATA_FOLDER_IN_USE: { status: 500, retryable: false, message: "Another Totem is using this data folder." },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    message: "The database cannot be reached. Try again shortly.",
  },
  INTERNAL: {
    status: 500,
    retryable: true,
    message: "Something went wrong on our side. The log has the details.",
  },
});

export type ErrorCode = keyof typeof errorCodes;
