import type { Scope } from "../../plugin/api/scopes.ts";
import type { Account } from "../../plugin/api/v0.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";

/** Who calls tools, as authentication found it. Nothing in a message changes it. */
export interface McpCaller {
  /** What it is to the vault; also its workspace, and the actor of every trace. */
  readonly vault: AuthenticatedCaller;
  readonly inbox: AuthenticatedCaller;
  readonly hasScope: (scope: Scope) => boolean;
  /** Of an agent user: the place its identity is bound to. */
  readonly agent: AgentPosition | undefined;
  readonly describe: () => Promise<Account>;
}

export interface AgentPosition {
  readonly host: string;
  readonly workflowId: string;
  readonly agentNodeId: string;
}
