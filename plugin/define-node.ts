import { z } from "zod";
import type { AgentScope } from "./api/scopes.ts";
import type { ErrorCode } from "./error-codes.ts";
import type { NodeCard } from "./node-card.ts";

/**
 * Everything known about a node, said once. The palette, the canvas, plugin.json, the docs
 * and the model's tool list are derived from it.
 */
export interface NodeContract extends NodeCard {
  /** Set on the canvas; never a secret. */
  readonly config: z.ZodObject;
  readonly errors: readonly ErrorCode[];
}

/** How a tool is offered over MCP. */
export interface McpOffer {
  /**
   * What a call does. `reads`: it changes nothing. `adds`: a second call changes nothing more. `spends`: each call
   * uses something up that comes back by itself, such as an attempt.
   */
  readonly effect: "reads" | "adds" | "spends";
  /** The scope an agent user needs for it. Absent: every agent user may call it. */
  readonly agentScope?: AgentScope;
}

/** A node an agent can call. Fields marked `secret` in the schemas are masked wherever they are shown. */
export interface ToolContract extends NodeContract {
  readonly kind: "tool";
  readonly tool: {
    /** For the model. */
    readonly description: string;
    /** False when calling twice differs from calling once: such a call is not repeated after a crash. */
    readonly repeatable: boolean;
    /** True when the tool acts with a session of its agent: an agent that calls it over HTTP must have one itself. */
    readonly actsWithSession?: boolean;
    /** True when agents on other builders' canvases may call it: every host's list of tools is made from this. */
    readonly hosted?: boolean;
    /** Set when clients of the Model Context Protocol may call it: their list of tools is made from this. */
    readonly mcp?: McpOffer;
  };
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
}

/** Keeps the literal types of what it is given, so that executors are typed by their contract. */
export const defineNode = <const T extends NodeContract>(contract: T): T => contract;
export const defineTool = <const T extends ToolContract>(contract: T): T => contract;

/** Marks a schema as one that carries a secret: shown as dots, never logged, never stored readable. */
export const secretMark = { secret: true } as const;

/** How a tool gives its agent a secret: as it is, or as a handle that only Totem turns into it, once. */
export const revealField = z.enum(["value", "handle"]).default("value").meta({
  title: "The model gets",
  description:
    "value: the secret itself. handle: a stand-in that HTTP Request, Platform API and POST /api/v1/handles/redeem turn into it once.",
});
