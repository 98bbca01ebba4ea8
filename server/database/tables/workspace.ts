import type { Generated } from "kysely";
import type { SealedText } from "../../secrets/seal.ts";
import type { MaybeTime, Time } from "./column.ts";

export interface WorkspaceTable {
  id: string;
  name: string;
  created_at: Time;
}

/** One data key per workspace and version, wrapped by the master key. */
export interface DataKeyTable {
  workspace_id: string;
  version: number;
  wrapped_key: SealedText;
  created_at: Time;
}

export interface ServiceKeyTable {
  id: string;
  workspace_id: string;
  name: string;
  scopes: string[];
  key_hash: string;
  created_at: Time;
  expires_at: MaybeTime;
  revoked_at: MaybeTime;
  /** The one host instance that it belongs to; null for other keys, and before its first call. */
  host: string | null;
  host_instance: string | null;
}

/** A person's signed-in browser. Only the hash of the cookie is stored. */
export interface StudioSessionTable {
  id: string;
  workspace_id: string;
  token_hash: string;
  created_at: Time;
  expires_at: Time;
}

/** The second factor of a workspace's people. */
export interface SecondStepTable {
  workspace_id: string;
  sealed_secret: SealedText;
  /** The greatest counter ever accepted; only a greater one is accepted again. */
  last_counter: number;
  /** Of codes and backup codes together. */
  failures_in_a_row: number;
  /** Locks since the last success; each is longer than the one before. */
  locks_in_a_row: Generated<number>;
  locked_until: MaybeTime;
  confirmed_at: MaybeTime;
}

export interface SecondStepBackupCodeTable {
  workspace_id: string;
  code_hash: string;
}

/** A token in an address; it acts as its owner, which is an agent user or a service key. */
export interface McpTokenTable {
  id: string;
  workspace_id: string;
  agent_user_id: string | null;
  service_key_id: string | null;
  token_hash: string;
  created_at: Time;
  revoked_at: MaybeTime;
}
