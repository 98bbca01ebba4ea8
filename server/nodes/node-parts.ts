import type { AgentUserCaller } from "../access/caller.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { Approvals } from "../approvals/approvals.ts";
import type { Door } from "../door/door.ts";
import type { OutboundRequest } from "../egress/send-outbound.ts";
import type { Handles } from "../handles/handles.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { Reach } from "../reach/reach.ts";
import type { Vault } from "../vault/vault.ts";

/** A request of an agent's tool to this very server, answered without a network in between. */
export type CallOwnApi = (request: {
  readonly method: string;
  readonly path: string;
  readonly caller: AgentUserCaller;
  readonly body: unknown;
  /** Puts secrets where the body has handles, once the route is known to take them. */
  readonly fill: (body: unknown) => Promise<unknown>;
}) => Promise<{ readonly status: number; readonly body: unknown }>;

/** Everything that executors are built from. */
export interface NodeParts {
  readonly agentUsers: AgentUsers;
  readonly vault: Vault;
  readonly inbox: Inbox;
  readonly approvals: Pick<Approvals, "stillAsks">;
  readonly handles: Handles;
  readonly door: Door;
  readonly now: () => Date;
  readonly callOwnApi: CallOwnApi;
  readonly reach: Reach;
  readonly sendOutbound: OutboundRequest;
  /** This server's own base URL, known once it listens. */
  readonly server: { readonly apiBaseUrl: string; readonly mailDomain?: string | undefined };
}
