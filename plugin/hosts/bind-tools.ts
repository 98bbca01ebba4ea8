import { z } from "zod";
import { hostCallBody } from "../api/host-calls.ts";
import { hostedTools, type ToolType } from "../catalogue.ts";
import { parseInput } from "../parse-input.ts";
import { PluginError } from "../plugin-error.ts";
import type { CallTool, ToolAnswer } from "./host-calls.ts";

export interface TotemToolsOptions {
  /** How a call reaches Totem: `callOverHttp(…)`, or `totem.hostCall` inside the same program. */
  readonly call: CallTool;
  /** The kind of host, such as `my-builder`. */
  readonly host: string;
  /** Which installation of the host. */
  readonly hostInstance: string;
  readonly workflowId: string;
  readonly workflowName: string;
  /** The agent that gets these tools. The host's code decides this; a model cannot. */
  readonly agentNodeId: string;
  readonly agentNodeName?: string;
  /** The settings of each tool, such as `{ get_totp_code: { reveal: "handle" } }`. */
  readonly config?: Readonly<Partial<Record<ToolType, Readonly<Record<string, unknown>>>>>;
  /** Only these tools. Absent: all that are offered to hosts. */
  readonly tools?: readonly ToolType[];
}

export interface BoundTool {
  readonly name: ToolType;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly call: (args: unknown, signal: AbortSignal | undefined) => Promise<ToolAnswer>;
}

/**
 * The catalogue's tools for one agent. The options are checked here, so that a mistake shows when the host starts: throws
 * `INPUT_INVALID` for a value, `TOOL_UNKNOWN` for a tool that is not offered to hosts.
 */
export function bindTools(options: TotemToolsOptions): BoundTool[] {
  const agent = parseInput(hostCallBody.omit({ tool: true, arguments: true, config: true }), {
    host: options.host,
    host_instance: options.hostInstance,
    workflow_id: options.workflowId,
    workflow_name: options.workflowName,
    agent_node_id: options.agentNodeId,
    ...(options.agentNodeName === undefined ? {} : { agent_node_name: options.agentNodeName }),
  });
  for (const name of [...(options.tools ?? []), ...Object.keys(options.config ?? {})])
    if (!hostedTools.some(({ type }) => type === name))
      throw new PluginError("TOOL_UNKNOWN", {
        message: "tools and config: name tools that hosts are offered.",
      });
  return hostedTools
    .filter(({ type }) => options.tools?.includes(type) ?? true)
    .map((contract) => {
      const config = parseInput(contract.config, options.config?.[contract.type] ?? {}, contract.type);
      return {
        name: contract.type,
        description: contract.tool.description,
        input: forModels(contract.input),
        call: (args, signal) =>
          options.call(
            { ...agent, tool: contract.type, arguments: args as Record<string, unknown>, config },
            { signal },
          ),
      };
    });
}

/**
 * The schema as a model should see it. Our own marks are taken out, because models' servers refuse keywords that they do
 * not know. Fields with a default become optional, because some libraries tell the model that they are required.
 */
function forModels(input: z.ZodObject): z.ZodObject {
  const fields = Object.entries(input.shape).map(([name, field]) => {
    const { secret, ...meta } = field.meta() ?? {};
    const plain = field instanceof z.ZodDefault ? z.optional(unmarked(field.unwrap())) : unmarked(field);
    return [name, plain.meta(meta)] as const;
  });
  return z.object(Object.fromEntries(fields));
}

/** A copy of the schema without its notes (`meta`). */
const unmarked = <T extends z.core.$ZodType>(schema: T): T => z.core.clone(schema, schema._zod.def);
