import type { Socket } from "node:net";
import type { ChainedEvent } from "../audit/chain-line.ts";

/** Rows of one workspace, in the order of its chain. */
export type Batch = readonly [ChainedEvent, ...ChainedEvent[]];

/** Where a stream goes. It resolves when the other side has the rows, as far as its protocol can say that. */
export interface StreamTarget {
  deliver(batch: Batch, signal: AbortSignal): Promise<void>;
}

/** The ways out that targets use. Every address is judged by `server/egress`. */
export interface WaysOut {
  readonly post: (request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly signal: AbortSignal;
  }) => Promise<{ readonly status: number; readonly text: string }>;
  readonly connect: (request: {
    readonly protocol: string;
    readonly host: string;
    readonly port: number;
    readonly tls: boolean;
  }) => Promise<Socket>;
  readonly sendDatagrams: (request: {
    readonly protocol: string;
    readonly host: string;
    readonly port: number;
    readonly datagrams: readonly Uint8Array[];
  }) => Promise<void>;
}

/** A delivery that did not succeed, in words for the operator. */
export class StreamProblem extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StreamProblem";
  }
}
