import type { AllowList } from "./allow-list.ts";
import type { ResolveName } from "./checked-lookup.ts";
import type { Connections } from "./connections.ts";
import type { OutboundLog } from "./outbound-log.ts";

/** What the ways out share. */
export interface EgressRoom {
  readonly allowList: AllowList;
  readonly connections: Connections;
  readonly resolve: ResolveName;
  readonly log: OutboundLog;
}
