import type { SealedText } from "../../secrets/seal.ts";
import type { MaybeTime, Time } from "./column.ts";

/** What a program proves at the proxy, and nowhere else, that it acts for an agent user. */
export interface ProxyCredentialTable {
  id: string;
  workspace_id: string;
  agent_user_id: string;
  token_hash: string;
  created_at: Time;
  expires_at: Time;
  revoked_at: MaybeTime;
  created_by: string | null;
  created_by_person: string | null;
  last_used_at: MaybeTime;
  last_used_ip: string | null;
}

/** Signs the certificates that the proxy shows to programs of one workspace. */
export interface ProxyAuthorityTable {
  workspace_id: string;
  /** PEM. */
  certificate: string;
  sealed_key: SealedText;
  created_at: Time;
  expires_at: Time;
}
