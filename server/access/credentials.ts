import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { AgentUserCaller } from "./caller.ts";

/** The credential of a request: the hash of a token, which is enough to find its owner. */
export interface Credentials {
  readonly kind: "bearer" | "cookie" | "path" | "tool";
  /** Of a tool's call in this process: who calls is known by the graph. Its hash is the agent user's id. */
  readonly tool?: AgentUserCaller;
  readonly isServiceKey?: boolean;
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
  /** A session that is not used for so long ends. */
  readonly sessionIdleMs: number;
}
