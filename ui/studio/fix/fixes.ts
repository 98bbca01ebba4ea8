import type { ErrorCode } from "../../../plugin/error-codes.ts";

/** What a fix does; `apply-fix.ts` does it. */
export type FixName =
  | "add_create_tool"
  | "add_missing_tool"
  | "enable_account"
  | "show_tool"
  /** The tool that was to call an address; without one, the model. */
  | "show_caller"
  | "show_agent"
  | "show_model"
  | "run_again";

export interface FixEntry {
  /** What happened and why, for people. */
  readonly sentence: string;
  readonly label?: string;
  readonly fix?: FixName;
}

/** Every code that a run or a tool can end with. A test compares it with the contracts and the server's rooms. */
export const fixes = {
  AGENT_NOT_CONNECTED: {
    sentence: "This tool is not wired to the agent, so there is no identity it could act for.",
    label: "Show the tool",
    fix: "show_tool",
  },
  TOOL_NOT_WIRED: {
    sentence: "No tool that does this is wired to the agent.",
    label: "Add the tool",
    fix: "add_missing_tool",
  },
  AGENT_AMBIGUOUS: {
    sentence: "Several agents share this tool, and the call did not say which of them was asking.",
    label: "Show the tool",
    fix: "show_tool",
  },
  AGENT_USER_NOT_FOUND: {
    sentence: "This agent has no account yet, so it has no codes.",
    label: "Add Create Agent User",
    fix: "add_create_tool",
  },
  AGENT_USER_DISABLED: {
    sentence: "The account of this agent is disabled: its key and its codes are refused.",
    label: "Enable the account",
    fix: "enable_account",
  },
  USERNAME_CONFLICT: {
    sentence: "The username of this agent already belongs to the account of another agent.",
    label: "Show the agent",
    fix: "show_agent",
  },
  CODE_REJECTED: {
    sentence: "The code was wrong, too late or used before. A new one will work.",
    label: "Run again",
    fix: "run_again",
  },
  RATE_LIMITED: {
    sentence: "Too many codes were wrong, so checks pause for a while.",
    label: "Run again",
    fix: "run_again",
  },
  FORBIDDEN: {
    sentence: "The agent asked for something of another account, and no grant allows that.",
    label: "Show the agent",
    fix: "show_agent",
  },
  VAULT_ENTRY_NOT_FOUND: {
    sentence: "There is no vault entry of this name that the agent may use.",
    label: "Choose an entry",
    fix: "show_tool",
  },
  VAULT_NAME_AMBIGUOUS: {
    sentence: "Several vault entries have this name, and none of them is the agent's own.",
    label: "Choose an entry",
    fix: "show_tool",
  },
  VAULT_ENTRY_HAS_NO_CODES: {
    sentence: "The vault entry has no second factor, so it has no codes.",
    label: "Choose an entry",
    fix: "show_tool",
  },
  VAULT_ENTRY_EXPIRED: {
    sentence: "The vault entry has expired.",
    label: "Choose an entry",
    fix: "show_tool",
  },
  VAULT_ENTRY_PENDING: {
    sentence: "No code of this vault entry is confirmed yet, so agents get none.",
    label: "Show the tool",
    fix: "show_tool",
  },
  VAULT_NAME_TAKEN: {
    sentence: "The agent has a vault entry of this name already, and it was left as it is.",
    label: "Show the tool",
    fix: "show_tool",
  },
  POLICY_REFUSED: {
    sentence: "The grant does not allow this from this workflow or at this time.",
    label: "Show the tool",
    fix: "show_tool",
  },
  APPROVAL_NEEDED: {
    sentence: "A person has to approve this read first.",
    label: "Run again",
    fix: "run_again",
  },
  APPROVAL_DENIED: {
    sentence: "A person said no to this read.",
    label: "Show the tool",
    fix: "show_tool",
  },
  APPROVAL_EXPIRED: {
    sentence: "No person answered in time. A new run asks again.",
    label: "Run again",
    fix: "run_again",
  },
  APPROVAL_WITHDRAWN: {
    sentence: "The question to people was withdrawn before it was answered.",
    label: "Run again",
    fix: "run_again",
  },
  CODE_IN_USE: {
    sentence: "Another agent has the code of this window. The next code will work.",
    label: "Run again",
    fix: "run_again",
  },
  ENROLMENT_REFUSED: {
    sentence: "The setup key or the picture of it cannot be read.",
    label: "Show the tool",
    fix: "show_tool",
  },
  SECRET_NOT_FOR_ORIGIN: {
    sentence: "The secret does not belong to that address, so it was not sent.",
    label: "Open its settings",
    fix: "show_caller",
  },
  SECRET_MISPLACED: {
    sentence: "The agent wrote a secret where none may stand. A header, the query and the body take one.",
    label: "Open its settings",
    fix: "show_caller",
  },
  SECRET_FIELD_UNKNOWN: {
    sentence: "The agent named a field that the vault entry does not have.",
    label: "Open its settings",
    fix: "show_caller",
  },
  REACH_REFUSED: {
    sentence: "The agent may not send that request there: its node says where it may.",
    label: "Open the agent's settings",
    fix: "show_agent",
  },
  REACH_RATE_LIMITED: {
    sentence: "The agent has sent as many requests there as its node allows.",
    label: "Run again",
    fix: "run_again",
  },
  HANDLE_REFUSED: {
    sentence: "The handle was used already, is too old, or belongs to another agent.",
    label: "Run again",
    fix: "run_again",
  },
  INBOX_ADDRESS_NOT_FOUND: {
    sentence: "There is no such mailbox, or the agent may not wait for its codes.",
    label: "Open the tool's settings",
    fix: "show_tool",
  },
  INBOX_WAIT_CANCELLED: {
    sentence: "A person ended the wait for a code.",
    label: "Run again",
    fix: "run_again",
  },
  CODE_NOT_RECEIVED: {
    sentence: "No code came in time. It may have been sent to another address, or not at all.",
    label: "Run again",
    fix: "run_again",
  },
  CODE_AMBIGUOUS: {
    sentence: "A message came, but no person said in time which code in it is meant.",
    label: "Run again",
    fix: "run_again",
  },
  MODEL_FAILED: {
    sentence: "The model did not answer. Its provider, its name or its key may be wrong.",
    label: "Open the model's settings",
    fix: "show_model",
  },
  MODEL_KEY_NOT_FOUND: {
    sentence: "The model names a key that does not exist here.",
    label: "Choose a key",
    fix: "show_model",
  },
  SCRIPT_INVALID: {
    sentence: "The script uses a result that is not there yet at that step.",
    label: "Open the script",
    fix: "show_model",
  },
  RUN_TOO_LONG: {
    sentence: "The agent used all its steps before it was done.",
    label: "Raise the limit",
    fix: "show_agent",
  },
  TOOL_UNKNOWN: {
    sentence: "The model asked for a tool that is not wired to this agent.",
    label: "Add the tool",
    fix: "add_missing_tool",
  },
  ADDRESS_REFUSED: {
    sentence: "The address is not on the list the operator allows, so nothing was sent.",
    label: "Open its settings",
    fix: "show_caller",
  },
  UPSTREAM_FAILED: {
    sentence: "The other server did not answer.",
    label: "Run again",
    fix: "run_again",
  },
  OUTCOME_UNKNOWN: {
    sentence: "The worker stopped during this call. It may have taken effect: check before calling again.",
    label: "Show the tool",
    fix: "show_tool",
  },
  INPUT_INVALID: {
    sentence: "What was sent does not have the shape the tool takes.",
    label: "Show the tool",
    fix: "show_tool",
  },
  NODE_NOT_FOUND: {
    sentence: "The node is no longer in the workflow.",
    label: "Run again",
    fix: "run_again",
  },
  NODE_NOT_CALLABLE: { sentence: "That node is not a tool.", label: "Show the agent", fix: "show_agent" },
  WORKFLOW_INVALID: {
    sentence: "The workflow had problems and could not run to its end.",
    label: "Show the agent",
    fix: "show_agent",
  },
  WORKFLOW_NOT_FOUND: { sentence: "The workflow was deleted while it ran." },
  WORKFLOW_VERSION_STALE: {
    sentence: "The workflow was saved by another person in between.",
    label: "Run again",
    fix: "run_again",
  },
  RUN_CANCELLED: { sentence: "The run was cancelled.", label: "Run again", fix: "run_again" },
  SEALED_VALUE_UNREADABLE: {
    sentence: "The stored secret cannot be opened with this server's key. Its operator must look at it.",
  },
  DATABASE_UNAVAILABLE: {
    sentence: "The database could not be reached.",
    label: "Run again",
    fix: "run_again",
  },
  INTERNAL: {
    sentence: "Something went wrong on the server. Its log has the details.",
    label: "Run again",
    fix: "run_again",
  },
} as const satisfies Partial<Record<ErrorCode, FixEntry>>;

export const fixOf = (code: string): FixEntry | undefined =>
  Object.hasOwn(fixes, code) ? fixes[code as keyof typeof fixes] : undefined;
