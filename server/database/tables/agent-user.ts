import type { ColumnType, Generated, Selectable } from "kysely";
import type { AskPolicy } from "../../../plugin/api/approvals.ts";
import type { SealedText } from "../../secrets/seal.ts";
import type { MaybeTime, Time } from "./column.ts";

/** The account that belongs to one agent node of one workflow of one host. */
export interface AgentUserTable {
  id: string;
  workspace_id: string;
  host: string;
  host_instance: string;
  workflow_id: string;
  agent_node_id: string;
  /** The name of its agent when the account was created. */
  agent_node_name: string;
  username: string;
  purpose: string;
  scopes: string[];
  /** The tools that it has over MCP besides those wired to it; a person named them. */
  mcp_tools: Generated<string[]>;
  api_key_hash: string;
  sealed_api_key: SealedText;
  api_key_expires_at: MaybeTime;
  sealed_secret: SealedText;
  algorithm: string;
  digits: number;
  period: number;
  /** The greatest counter ever accepted; only a greater one is accepted again. */
  last_counter: number;
  /** The tool call that was accepted with `last_counter`, so that a call resumed after a crash finds its own answer. */
  last_accepted_call: string | null;
  failures_in_a_row: number;
  /** The latest five failures, newest first. */
  recent_failures: Generated<Date[]>;
  locked_until: MaybeTime;
  disabled_at: MaybeTime;
  disabled_because: "operator" | "node_deleted" | "workflow_deleted" | null;
  created_at: Time;
  /** Who is asked before each code. */
  ask: ColumnType<AskPolicy | null, string | null | undefined, string | null>;
}

/** Short-lived proof that key and code were given together. */
export interface AgentSessionTable {
  id: string;
  agent_user_id: string;
  token_hash: string;
  created_at: Time;
  expires_at: Time;
}

/** Lets one agent user read another's codes. */
export interface AgentUserGrantTable {
  id: string;
  workspace_id: string;
  agent_user_id: string;
  reader_id: string;
  created_by: string;
  created_at: Time;
}

/** Replaces a secret that a model need not see. Deleted when it is used. */
export interface OneTimeHandleTable {
  id: string;
  workspace_id: string;
  agent_user_id: string;
  kind: "code" | "key" | "password";
  handle_hash: string;
  sealed_value: SealedText;
  created_at: Time;
  expires_at: Time;
  /** Where the secret may be sent; of a vault entry's secret, the entry's origins. */
  origins: Generated<string[]>;
  /** `own_account`: to this server only, whatever `origins` holds. `tool`: the settings of tools say where. */
  belongs_to: Generated<"own_account" | "vault_entry" | "tool">;
  entry_id: ColumnType<string | null, string | null | undefined, never>;
}

/** When an agent called an address whose rate is limited, within the last minute. */
export interface AgentReachTable {
  agent_user_id: string;
  /** As the agent's setting names it. */
  origin: string;
  recent: Date[];
  /** The refusal that the audit log has: one for each minute. */
  refused_at: MaybeTime;
  ends_at: Time;
}

export type AgentUserRow = Selectable<AgentUserTable>;
