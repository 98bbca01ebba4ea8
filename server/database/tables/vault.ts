import type { ColumnType, Generated } from "kysely";
import type { AskPolicy } from "../../../plugin/api/approvals.ts";
import type { Role } from "../../../plugin/roles.ts";
import type { SealedText } from "../../secrets/seal.ts";
import type { Json, MaybeTime, Time } from "./column.ts";

/** Who owns an entry or was granted something of one. An administrator's id is the workspace's. */
export type VaultPrincipalKind = "administrator" | "service_key" | "agent_user";

export type VaultGranteeKind = "administrator" | "service_key" | "agent_user" | "person" | "role";

export type VaultRight = "codes" | "backup" | "data" | "manage";

/** How to log in to an outside service; all secrets are sealed. */
export interface VaultEntryTable {
  id: string;
  workspace_id: string;
  owner_kind: VaultPrincipalKind;
  owner_id: string;
  name: string;
  type: string;
  metadata: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  /** The credential without its shared secret and its backup codes. */
  sealed_data: SealedText;
  /** The shared secret of the one second factor that an entry may have; the columns below describe it. */
  sealed_secret: SealedText | null;
  otp_type: "totp" | "hotp" | null;
  algorithm: string | null;
  digits: number | null;
  period: number | null;
  issuer: string | null;
  account: string | null;
  /** The next counter of an HOTP secret (RFC 4226). */
  hotp_counter: number | null;
  /** The greatest time step that was given out or is reserved, where each may be used once only. */
  last_counter: Generated<number>;
  single_use: Generated<boolean>;
  /** Shorter than the 128 bits RFC 4226 asks for. */
  weak_secret: Generated<boolean>;
  /** No code was confirmed yet; agents get none. */
  pending: Generated<boolean>;
  expires_at: MaybeTime;
  last_used_at: MaybeTime;
  last_rotated_at: MaybeTime;
  created_at: Time;
  /** Who is asked before each code. */
  ask: ColumnType<AskPolicy | null, string | null | undefined, string | null>;
  /** Where its secrets may be sent: origins in their normal form (`plugin/origin.ts`). Empty: nowhere. */
  origins: Generated<string[]>;
}

/** A shared secret that was replaced: it gives no code, and an administrator can restore it for a while. */
export interface VaultReplacedSecretTable {
  id: string;
  entry_id: string;
  sealed_secret: SealedText;
  parameters: Json<Record<string, unknown>>;
  replaced_at: Time;
  restorable_until: Time;
}

export interface VaultBackupCodeTable {
  entry_id: string;
  position: number;
  sealed_code: SealedText;
  used_at: MaybeTime;
}

/** Limits of a grant; what is absent does not limit. */
export interface GrantPolicy {
  /** Ids of the workflows a call may come from. */
  readonly workflows?: readonly string[];
  /** Times of day, "HH:MM", in `time_zone`; `from` later than `to` means over midnight. */
  readonly hours?: { readonly from: string; readonly to: string; readonly time_zone: string };
  readonly max_reads_per_hour?: number;
  /** `approve`: people are asked before every read. */
  readonly decision?: "auto" | "approve" | "deny";
}

export interface VaultGrantTable {
  id: string;
  workspace_id: string;
  entry_id: string;
  grantee_kind: VaultGranteeKind;
  /** null where a role is named. */
  grantee_id: string | null;
  grantee_role: Role | null;
  rights: VaultRight[];
  /** Holds for an agent's own key too, where no wire of its canvas leads to the entry. */
  outside_canvas: Generated<boolean>;
  policy: ColumnType<GrantPolicy, string | undefined, string>;
  /** When codes were read under this grant within the last hour, where it limits that. */
  recent_reads: Generated<Date[]>;
  created_by: string;
  created_at: Time;
}
