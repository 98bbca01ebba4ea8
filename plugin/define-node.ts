import type { z } from "zod";
import type { ErrorCode } from "./error-codes.ts";
import type { HandleContract } from "./handles.ts";

/** The names of lucide icons a card may show; `ui/node-icons.tsx` draws them. */
export type NodeIcon =
  | "message-circle"
  | "play"
  | "sparkles"
  | "bot"
  | "user-plus"
  | "key-round"
  | "shield-check"
  | "fingerprint"
  | "globe";

export interface NodePort {
  readonly name: string;
  readonly type: "string" | "text" | "json";
  readonly description: string;
}

/**
 * Everything known about a node, said once. The palette, the canvas, plugin.json, the docs
 * and the model's tool list are derived from it.
 */
export interface NodeContract {
  /** The saved name: never renamed, only versioned. */
  readonly type: string;
  readonly version: number;
  readonly kind: "trigger" | "agent" | "model" | "tool";
  readonly palette: {
    readonly label: string;
    readonly group: "Triggers" | "Agents" | "Identity" | "Platform";
    readonly icon: NodeIcon;
    readonly description: string;
  };
  readonly ports: { readonly inputs: readonly NodePort[]; readonly outputs: readonly NodePort[] };
  readonly handles: readonly HandleContract[];
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
  };
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
}

/** Keeps the literal types of what it is given, so that executors are typed by their contract. */
export const defineNode = <const T extends NodeContract>(contract: T): T => contract;
export const defineTool = <const T extends ToolContract>(contract: T): T => contract;

/** Marks a schema as one that carries a secret: shown as dots, never logged, never stored readable. */
export const secretMark = { secret: true } as const;
