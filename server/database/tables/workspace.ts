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
  /** The calls of its host are signed with a key pair, whatever other keys of the installation may do. */
  signed: Generated<boolean>;
  /** Who created it, by name; null for keys from before there were people. */
  created_by: string | null;
  created_by_person: string | null;
  last_used_at: MaybeTime;
  last_used_ip: string | null;
  /** The key before the last rotation, which is accepted until then. */
  previous_key_hash: string | null;
  previous_until: MaybeTime;
}

/** The second factor of a person, or of a workspace that had one before there were people. */
export interface SecondStepTable {
  id: string;
  /** Whose data key seals the secret. */
  workspace_id: string;
  person_id: string | null;
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
  second_step_id: string;
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
  created_by: string | null;
  created_by_person: string | null;
  last_used_at: MaybeTime;
  last_used_ip: string | null;
}
