/** One row of the table of errors. */
export interface ErrorDefinition {
  /** The HTTP status. */
  readonly status: number;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  readonly message: string;
}

const define = <const T extends Record<string, ErrorDefinition>>(table: T): T => table;

/**
 * Every error that Totem throws on purpose. Codes are stable, so clients may branch on them. `message` says what is wrong
 * and what to do next, and never repeats what was sent.
 *
 * @example errorCodes.RATE_LIMITED.status // 429
 */
export const errorCodes = define({
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
  SECOND_STEP_MISSING: {
    status: 409,
    retryable: false,
    message: "You have no authenticator yet. Add one in the studio first.",
  },
  FACTOR_TOO_LATE: {
    status: 403,
    retryable: false,
    message:
      "A first passkey or authenticator is added within 10 minutes of a sign-in by link, invitation or single sign-on. Sign in again by a new link: totem people link.",
  },
  WORKSPACE_NOT_FOUND: { status: 404, retryable: false, message: "There is no such workspace of yours." },
  PERSON_NOT_FOUND: { status: 404, retryable: false, message: "There is no such person here." },
  PERSON_PRESENT: { status: 409, retryable: false, message: "This person is here already." },
  LAST_OWNER: {
    status: 409,
    retryable: false,
    message: "This is the last owner. Make another person an owner first.",
  },
  INVITATION_NOT_FOUND: {
    status: 404,
    retryable: false,
    message: "This invitation was used, has expired or was withdrawn. Ask for a new one.",
  },
  INVITATION_FOR_ANOTHER: {
    status: 409,
    retryable: false,
    message: "This invitation is for another address than yours. Sign out first, or ask for one of your own.",
  },
  PERSON_ELSEWHERE: {
    status: 409,
    retryable: false,
    message:
      "This address belongs to a person of another workspace. That person signs in first, and then opens an invitation.",
  },
  SIGN_IN_REFUSED: {
    status: 401,
    retryable: true,
    message:
      "That did not sign you in. Check the address, the password, the code, and the clock of your phone. After many tries, wait 15 minutes, or use a passkey or a sign-in link.",
  },
  SINGLE_SIGN_ON_REFUSED: {
    status: 403,
    retryable: false,
    message: "The sign-in by your provider was not accepted. Begin again on the sign-in page.",
  },
  SINGLE_SIGN_ON_UNREACHABLE: {
    status: 502,
    retryable: true,
    message: "Your provider does not answer. Try again later, or sign in another way.",
  },
  SINGLE_SIGN_ON_CLOCK: {
    status: 403,
    retryable: false,
    message: "The clocks of this server and of your provider differ by minutes. Tell an administrator.",
  },
  SINGLE_SIGN_ON_NOT_INVITED: {
    status: 403,
    retryable: false,
    message: "Your provider knows you, but you have no role here. Ask for an invitation.",
  },
  SINGLE_SIGN_ON_MISSING: {
    status: 404,
    retryable: false,
    message: "Single sign-on is not set up here.",
  },
  SESSION_NOT_FOUND: { status: 404, retryable: false, message: "There is no such session of yours." },
  PASSKEY_REFUSED: {
    status: 400,
    retryable: true,
    message: "The passkey was not accepted. Begin again, or sign in another way.",
  },
  PASSKEY_PRESENT: { status: 409, retryable: false, message: "This passkey is here already." },
  PASSKEY_NEEDS_NAME: {
    status: 409,
    retryable: false,
    message: "A passkey belongs to the name of a site, and this address is none.",
  },
  PASSWORD_NOT_READY: {
    status: 409,
    retryable: false,
    message: "A password needs an e-mail address and a second factor first.",
  },
  PASSKEY_NOT_FOUND: { status: 404, retryable: false, message: "There is no such passkey of yours." },
  SECOND_STEP_PRESENT: {
    status: 409,
    retryable: false,
    message: "There is an authenticator already. Remove it with a code of it first.",
  },
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
    message: "This installation has 10 key pairs. Remove those that are not in use in Totem, under Hosts.",
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
