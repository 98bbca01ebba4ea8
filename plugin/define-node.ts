import { z } from "zod";
import type { AgentScope } from "./api/scopes.ts";
import type { ErrorCode } from "./error-codes.ts";
import type { NodeCard } from "./node-card.ts";
import { plainText } from "./plain-text.ts";

/**
 * All that is known about a node. The palette, the canvas, plugin.json, the docs, the tool lists of models and of MCP,
 * and the packages for other hosts are derived from it.
 */
export interface NodeContract extends NodeCard {
  /** The settings that a person makes on the canvas. They are saved in the workflow, so no secret may be among them. */
  readonly config: z.ZodObject;
  /** The codes that the node itself throws. Codes of every call, such as `INPUT_INVALID`, are left out. */
  readonly errors: readonly ErrorCode[];
}

/** How a tool is offered over MCP. */
export interface McpOffer {
  /**
   * What a call does. `reads`: it changes nothing. `adds`: a second call changes nothing more. `spends`: each call
   * uses something up that comes back by itself, such as an attempt. `acts`: it changes what is outside.
   */
  readonly effect: "reads" | "adds" | "spends" | "acts";
  /** The scope an agent user needs for it. Absent: every agent user may call it. */
  readonly agentScope?: AgentScope;
  /** True when only the agent that it is wired to may call it over MCP, and no program for that agent. */
  readonly agentsOnly?: boolean;
}

/** A node that an agent can call. Fields that `secretMark` marks are masked wherever they are shown. */
export interface ToolContract extends NodeContract {
  readonly kind: "tool";
  readonly tool: {
    /** What the model reads about the tool. */
    readonly description: string;
    /** False when a second call has an effect of its own. Such a call is not repeated after a crash. */
    readonly repeatable: boolean;
    /** True when the tool acts in a session of its agent. An agent that calls it over HTTP must have a session itself. */
    readonly actsWithSession?: boolean;
    /** True when agents of other builders may call it. Every host's list of tools is derived from this. */
    readonly hosted?: boolean;
    /** How MCP clients may call it. Absent: they may not. Their list of canvas tools is derived from this. */
    readonly mcp?: McpOffer;
  };
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
}

/**
 * Declares a node that no agent calls. It returns the contract with its literal types.
 *
 * @example export const stickyNote = defineNode({ type: "sticky_note", version: 1, kind: "note", … });
 */
export const defineNode = <const T extends NodeContract>(contract: T): T => contract;

/**
 * Declares a tool. Its executor in `server/nodes` is typed by this contract: input, settings and answer.
 *
 * @example
 * export const whoami = defineTool({
 *   type: "whoami", version: 1, kind: "tool", handles: [toolHandle],
 *   palette: { label: "Who Am I", group: "Identity", icon: "fingerprint", description: "Tells the agent who it is." },
 *   tool: { description: "Tells you who you are.", repeatable: true, hosted: true, mcp: { effect: "reads" } },
 *   config: z.object({}), input: z.object({}), output: z.object({ success: z.literal(true), … }), …
 * });
 */
export const defineTool = <const T extends ToolContract>(contract: T): T => contract;

/**
 * Marks the schema of a secret: its value is shown as dots, and is neither logged nor stored as it is.
 *
 * @example z.object({ totp_code: z.string().meta(secretMark) })
 */
export const secretMark = { secret: true } as const;

const standIn =
  "handle: a stand-in, which the model can use and not read: HTTP Request, Platform API, Verify TOTP Code and POST /api/v1/handles/redeem turn it into the secret once.";

/** The setting for how a tool gives its agent a key. */
export const revealKeyField = z
  .enum(["handle", "value"])
  .default("handle")
  .meta({
    title: "The model gets",
    description: `${standIn} value: the key itself. The model and its provider read this key.`,
  });

/** The setting for how a tool gives its agent a code. `auto` says `value` only where no model reads it. */
export const revealCodeField = z
  .enum(["auto", "handle", "value"])
  .default("auto")
  .meta({
    title: "The model gets",
    description: `auto: a handle; only the scripted model, which runs here, gets the code. ${standIn} value: the code itself. The model and its provider read this code.`,
  });

/** Why the model wants a code. People who have to approve it see these words, marked as the model's, and they decide nothing. */
export const reasonField = plainText(20_000)
  .optional()
  .describe("Why you need it, in one sentence: shown to a person where one has to approve it.");
