import type { SignInWay } from "../../../plugin/api/people.ts";
import type { Role } from "../../../plugin/roles.ts";
import type { SealedText } from "../../secrets/seal.ts";
import type { MaybeTime, Time } from "./column.ts";

/** One person of this installation, in one or several workspaces. Never deleted: the audit log names them. */
export interface PersonTable {
  id: string;
  /** Empty until given. */
  name: string;
  /** In lower case. The person may have only claimed it: then it opens nothing of this address. */
  email: string | null;
  /** The address that an invitation, single sign-on or the command line has bound to this person. */
  proved_email: string | null;
  password_hash: string | null;
  created_at: Time;
}

export interface WorkspaceMemberTable {
  workspace_id: string;
  person_id: string;
  roles: Role[];
  created_at: Time;
  removed_at: MaybeTime;
}

/** A WebAuthn credential. */
export interface PasskeyTable {
  id: string;
  person_id: string;
  /** In base64url, as the browser says it. */
  credential_id: string;
  /** COSE key in base64url. */
  public_key: string;
  counter: number;
  transports: string[];
  name: string;
  /** Whether the authenticator copies it to other devices. */
  synced: boolean;
  created_at: Time;
  last_used_at: MaybeTime;
}

export interface PasskeyChallengeTable {
  challenge_hash: string;
  purpose: "sign_in" | "enrol" | "prove";
  /** The session that asked; null for a sign-in. */
  session_id: string | null;
  expires_at: Time;
}

/** Signs in once. Without a person it means the only one there is, or the first. */
export interface SignInLinkTable {
  token_hash: string;
  workspace_id: string;
  person_id: string | null;
  expires_at: Time;
}

export interface InvitationTable {
  id: string;
  workspace_id: string;
  email: string;
  roles: Role[];
  token_hash: string;
  /** By name. */
  invited_by: string;
  invited_by_person: string | null;
  created_at: Time;
  expires_at: Time;
  accepted_at: MaybeTime;
  revoked_at: MaybeTime;
}

/** The OIDC provider of a workspace. */
export interface SingleSignOnTable {
  workspace_id: string;
  /** What the button says. */
  name: string;
  issuer: string;
  client_id: string;
  sealed_client_secret: SealedText | null;
  /** A person with an address there may come in; the others need an invitation. */
  domains: string[];
  groups_claim: string;
  roles_of_groups: Record<string, Role[]>;
  updated_at: Time;
}

/** A sign-in that went to the provider and has not come back. */
export interface SingleSignOnAttemptTable {
  state_hash: string;
  workspace_id: string;
  /** The nonce and the PKCE verifier. */
  sealed_secrets: SealedText;
  proof_hash: string;
  expires_at: Time;
}

export interface PersonIdentityTable {
  workspace_id: string;
  issuer: string;
  subject: string;
  person_id: string;
  /** The roles that the person has through groups only. */
  group_roles: Role[];
  created_at: Time;
}

/** Failures to sign in, of a person or an address, since the window began. */
export interface SignInFailureTable {
  subject: string;
  failures: number;
  since: Time;
}

/** A person's signed-in browser. Only hashes are stored: of the cookie, and of the proof that its page sends with it. */
export interface StudioSessionTable {
  id: string;
  workspace_id: string;
  /** null for a session from before there were people. */
  person_id: string | null;
  token_hash: string;
  /** null for a session from before there were proofs, until its page claims one. */
  proof_hash: string | null;
  created_at: Time;
  expires_at: Time;
  last_seen_at: Time;
  ip: string | null;
  user_agent: string | null;
  signed_in_by: SignInWay;
  /** When the person last gave a fresh proof. */
  proved_at: MaybeTime;
}
