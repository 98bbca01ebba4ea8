import type { ColumnType } from "kysely";
import type { Json, MaybeTime, Time } from "./column.ts";

/** A key set as its issuer writes it. */
export interface StoredKeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** Who issues tokens that a workspace trusts: an OpenID Connect issuer, or a trust domain of SPIFFE. */
export interface TrustedIssuerTable {
  id: string;
  workspace_id: string;
  name: string;
  kind: "oidc" | "spiffe";
  /** As tokens say it; of a trust domain, spiffe:// and its name. */
  issuer: string;
  /** Where its keys are; null where the issuer's own document says it, or where they are stored. */
  jwks_url: string | null;
  jwks: ColumnType<StoredKeySet | null, string | null, string | null>;
  /** Seconds after which a token is too old. */
  max_age: number;
  /** Another one ends all tokens that came of the one before. */
  revision: number;
  /** Since who wrote it was removed. */
  paused_at: MaybeTime;
  created_at: Time;
  created_by: string | null;
  created_by_person: string | null;
}

/** Which tokens of an issuer get in, and as whom. */
export interface WorkloadRuleTable {
  id: string;
  workspace_id: string;
  issuer_id: string;
  name: string;
  audience: string;
  conditions: Json<readonly { readonly claim: string; readonly matches: string }[]>;
  agent_user_id: string | null;
  service_key_id: string | null;
  /** How long a token lasts that comes of it. */
  token_seconds: number;
  revision: number;
  paused_at: MaybeTime;
  created_at: Time;
  created_by: string | null;
  created_by_person: string | null;
  last_used_at: MaybeTime;
}

/** A token that was given for one of an issuer. It is alive while its rule and its issuer are as they were. */
export interface WorkloadTokenTable {
  token_hash: string;
  workspace_id: string;
  rule_id: string;
  rule_revision: number;
  issuer_revision: number;
  subject: string;
  /** Of the key that it is bound to (RFC 9449). */
  key_thumbprint: string | null;
  created_at: Time;
  expires_at: Time;
}

/** A token or a proof that was shown, until it would have ended by itself. */
export interface SpentTokenTable {
  token_hash: string;
  expires_at: Time;
}
