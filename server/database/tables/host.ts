import type { Generated } from "kysely";
import type { MaybeTime, Time } from "./column.ts";

/** One installation of a builder that a key of this workspace, or a program that embeds Totem, speaks for or spoke for. */
export interface HostInstallationTable {
  id: string;
  workspace_id: string;
  host: string;
  host_instance: string;
  claimed_at: Time;
  /** Its calls are signed with a key pair of its own. Stays when the last pair is removed. */
  requires_signature: Generated<boolean>;
  /** A person has given it up: the next key that names it gets it. */
  released_at: MaybeTime;
  /** The program that embeds Totem has claimed it. */
  embedded_at: MaybeTime;
}

/** The public half of a key pair, of one machine of an installation. */
export interface HostKeyPairTable {
  id: string;
  installation_id: string;
  /** Ed25519, 32 bytes in base64url. */
  public_key: string;
  enrolled_at: Time;
  /** Null while it waits for a person. */
  confirmed_at: MaybeTime;
  confirmed_by: string | null;
}

/** A signed call that was accepted. It is not accepted again. */
export interface HostCallNonceTable {
  key_pair_id: string;
  nonce: string;
  expires_at: Time;
}
