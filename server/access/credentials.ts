import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { AgentUserCaller } from "./caller.ts";
import type { ProofOfKey } from "./dpop-proof.ts";
import type { OwnNames } from "./own-names.ts";

/** The credential of a request: the hash of a token, which is enough to find its owner. */
export interface Credentials {
  readonly kind: "bearer" | "cookie" | "path" | "tool";
  /** Of a tool's call in this process: who calls is known by the graph. Its hash is the agent user's id. */
  readonly tool?: AgentUserCaller;
  /** What the prefix of a bearer token says. */
  readonly isServiceKey?: boolean;
  readonly isWorkloadToken?: boolean;
  /** Present where the token came with the scheme DPoP. */
  readonly proofOfKey?: ProofOfKey;
  readonly hash: string;
  /** Of the proof that came with a cookie. */
  readonly proofHash?: string | undefined;
  readonly ip: string;
}

export interface AuthenticationParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly adminKeyHash: string;
  readonly defaultWorkspaceId: string;
  readonly ownNames: OwnNames;
  /** A session that is not used for so long ends. */
  readonly sessionIdleMs: number;
}
