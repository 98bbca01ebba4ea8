import type { z } from "zod";
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
  };
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
}

/** Keeps the literal types of what it is given, so that executors are typed by their contract. */
export const defineNode = <const T extends NodeContract>(contract: T): T => contract;
export const defineTool = <const T extends ToolContract>(contract: T): T => contract;

/** Marks a schema as one that carries a secret: shown as dots, never logged, never stored readable. */
export const secretMark = { secret: true } as const;
