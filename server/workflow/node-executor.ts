import type { Kysely } from "kysely";
import type { z } from "zod";
import { type CatalogueTool, findContract, isTool, type ToolType } from "../../plugin/catalogue.ts";
import type { ToolContract } from "../../plugin/define-node.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { Caller } from "../access/caller.ts";
import type { Tables } from "../database/tables.ts";

/** A wait for a message. Ambiguous: a message is there, and a person must choose its code. */
export interface AwaitedDelivery {
  readonly waitId: string;
  readonly ambiguous: boolean;
}

/** A question to people that the tool waits for. */
export interface AwaitedApproval {
  readonly approvalId: string;
  /** Whom it waits for, in words. */
  readonly waitsFor: string;
}

/** All that a tool may know about one call of it. None of it comes from the model. */
export interface ToolCall {
  /** Who makes the call: in a run its agent, otherwise the person or program that calls the node. */
  readonly caller: Caller;
  /** The graph that runs. Its id, host and instance are part of the location that an identity is bound to. */
  readonly workflow: Workflow;
  /** Takes a slug for a workflow of another builder, which has none before its first account. */
  readonly claimSlug?: (trx: Kysely<Tables>) => Promise<string>;
  /** The graph comes from memory: a statement must find this version as the current one, or find nothing. */
  readonly onlyIfCurrent?: boolean;
  readonly host: { readonly name: string; readonly instance: string };
  readonly nodeId: string;
  /** The agent whose model calls; absent when a person calls one node by hand. */
  readonly callerNodeId?: string;
  /** A person, or a program of theirs, is answered, and no model. */
  readonly byHand?: boolean;
  /** Seconds a code must still have; with fewer left the tool waits for the next window. */
  readonly minRemaining: number;
  readonly signal: AbortSignal;
  /** Called when the tool begins to wait: until when, and for what. Without that it waits for a fresh code. */
  readonly onWaiting?: (until: Date, awaited?: AwaitedDelivery | AwaitedApproval) => void;
  /** The tool may throw `Suspended`, and the call is made again; otherwise the tool waits. */
  readonly maySuspend?: boolean;
}

/**
 * Thrown by a tool that waits for something from outside. Its run is suspended and takes no slot in a process; the
 * same call is made again when `RunSuspension.resume` is told that it came.
 */
export class Suspended extends Error {
  override readonly name = "Suspended";
  /** Asked within the transaction that suspends the run; it locks what the run waits for until commit. */
  readonly stillWaits: (trx: Kysely<Tables>) => Promise<boolean>;

  constructor(stillWaits: Suspended["stillWaits"]) {
    super("The run waits for something from outside.");
    this.stillWaits = stillWaits;
  }
}

export type ToolInput<T extends ToolContract> = z.output<T["input"]>;
export type ToolOutput<T extends ToolContract> = z.output<T["output"]>;
/** A call with what a person set on the node. */
export type ConfiguredCall<T extends ToolContract> = ToolCall & { readonly config: z.output<T["config"]> };

/** Does a tool's work: the contract's parsed input in, its output out. Failures are thrown as PluginError. */
export type NodeExecutor<T extends ToolContract> = (
  input: ToolInput<T>,
  call: ConfiguredCall<T>,
) => Promise<ToolOutput<T>>;

/** One executor for every tool in the catalogue; a forgotten one does not compile. */
export type ToolExecutors = {
  readonly [Type in ToolType]: NodeExecutor<Extract<CatalogueTool, { type: Type }>>;
};

/** The contract of a tool node of this workflow. */
export function getToolContract(call: Pick<ToolCall, "workflow" | "nodeId">): ToolContract {
  const node = call.workflow.nodes.find((candidate) => candidate.id === call.nodeId);
  if (!node) throw new PluginError("NODE_NOT_FOUND");
  const contract = findContract(node.type);
  if (!contract || !isTool(contract)) throw new PluginError("NODE_NOT_CALLABLE");
  return contract;
}

/**
 * Calls one tool node: checks the node's configuration and the caller's input against the contract, then does the
 * work. Throws PluginError; the caller of this function decides how that is shown.
 */
export async function callTool(
  executors: ToolExecutors,
  call: ToolCall,
  input: unknown,
): Promise<Record<string, unknown>> {
  const contract = getToolContract(call);
  const node = call.workflow.nodes.find((candidate) => candidate.id === call.nodeId);
  const config = parseInput(contract.config, node?.data.config ?? {}, "config");
  const parsed = parseInput(contract.input, input, "arguments");
  // A lookup by string loses which executor takes which input; the parse above has checked it.
  const execute = executors[contract.type as ToolType] as NodeExecutor<ToolContract>;
  return execute(parsed, { ...call, config });
}
