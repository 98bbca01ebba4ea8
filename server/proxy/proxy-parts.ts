import type { AgentUserCaller } from "../access/caller.ts";
import type { ProxyCredentials } from "../access/proxy-credentials.ts";
import type { Door } from "../door/door.ts";
import type { Egress } from "../egress/egress.ts";
import type { JudgeDestination } from "../egress/open-request.ts";
import type { Vault } from "../vault/vault.ts";
import type { Authorities } from "./authority.ts";

/** What this room asks of a log; pino's fits. */
export interface ProxyLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface ProxyParts {
  readonly authorities: Authorities;
  readonly credentials: Pick<ProxyCredentials, "authenticate">;
  readonly door: Pick<Door, "fill" | "hiderFor" | "streamFor">;
  readonly egress: Pick<Egress, "open" | "connect">;
  readonly vault: Pick<Vault, "originsFor">;
  readonly log: ProxyLog;
  /** Whose authority is shown to a program that has not said who it is. */
  readonly defaultWorkspaceId: string;
  /** What one agent may call. */
  readonly judgeFor?: ((caller: AgentUserCaller) => JudgeDestination) | undefined;
}
