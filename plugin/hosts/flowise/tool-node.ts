import { callTotem, readServer } from "./call-totem.ts";
import { callingAgent } from "./calling-agent.ts";
import { findHost, type Host, type InitOptions, type NodeData } from "./host.ts";
import { hostedTools } from "./hosted-tools.ts";
import { argumentSchema, configOf, inputsOf, type ObjectSchema, toolNameOf } from "./tool-fields.ts";
import { credentialName } from "./totem-api.credential.ts";

export interface HostedTool {
  readonly type: string;
  readonly palette: { readonly label: string; readonly description: string };
  readonly tool_description: string;
  readonly tool_schema: ObjectSchema;
  readonly config_schema: ObjectSchema;
}

const tools: readonly HostedTool[] = hostedTools;

/** `get_totp_code` is `totemGetTotpCode` in Flowise. Saved flows keep this name. */
export const nodeNameOf = (type: string): string =>
  `totem_${type}`.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const ordinaryLimit = 40_000;
const longestWait = 300;

/** The longest time for a call, in milliseconds. A tool that waits answers by itself when its time is over. */
const limitOf = ({ timeout_seconds: wait }: Record<string, unknown>): number =>
  typeof wait === "number" && wait > 0 ? (Math.min(wait, longestWait) + 30) * 1000 : ordinaryLimit;

/** The class of a tool's node, for Flowise. It does nothing before `init`, so that Flowise can load it safely. */
export function makeToolNode(tool: HostedTool, host: () => Host) {
  return class TotemTool {
    readonly label = `Totem: ${tool.palette.label}`;
    readonly name = nodeNameOf(tool.type);
    readonly version = 1;
    readonly type = "TotemTool";
    readonly icon = "totem.svg";
    readonly category = "Tools";
    readonly description = tool.palette.description;
    // `Tool` is what the Tools input of an agent looks for.
    readonly baseClasses = ["TotemTool", "StructuredTool", "Tool", "Runnable"];
    readonly credential = {
      label: "Connect Credential",
      name: "credential",
      type: "credential",
      credentialNames: [credentialName],
    };
    readonly inputs = inputsOf(tool.type, tool.config_schema);

    async init(nodeData: NodeData, _input: unknown, options: InitOptions): Promise<object> {
      const caller = await callingAgent(nodeData, options);
      const { DynamicStructuredTool, z, getCredentialData } = host();
      // From the credential only: every caller of the flow can override inputs.
      const server = readServer(await getCredentialData(nodeData.credential ?? "", options));
      const inputs = nodeData.inputs ?? {};
      const config = configOf(tool.config_schema, inputs);
      return new DynamicStructuredTool({
        name: toolNameOf(tool.type, inputs),
        description: tool.tool_description,
        schema: argumentSchema(z, tool.tool_schema),
        func: (args, _manager, run) =>
          callTotem(
            server,
            { ...caller, tool: tool.type, arguments: args, config },
            { longestMs: limitOf(config), stop: run?.signal },
          ),
      });
    }
  };
}

/** What the file of one tool exports: Flowise loads a node by its file. */
export function toolModule(type: string, file: string) {
  const tool = tools.find((each) => each.type === type);
  return tool ? { nodeClass: makeToolNode(tool, () => findHost(file)) } : {};
}

/** Flowise loads each node from a file of its own. These are the files, by name: one for each tool, of one line. */
export function nodeFiles(library: string): Map<string, string> {
  return new Map(
    hostedTools.map(({ type }) => [
      `${nodeNameOf(type)}.js`,
      `"use strict";\nmodule.exports = require("${library}/tool-node.js").toolModule("${type}", __filename);\n`,
    ]),
  );
}
