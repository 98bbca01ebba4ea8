import { type INodeTypeDescription, NodeConnectionTypes } from "n8n-workflow";
import { type HostedToolName, hostedTool, toolParameters } from "./tool-parameters.ts";

/** What n8n must know of the node of one hosted tool. */
export function describeTool(type: HostedToolName): Omit<INodeTypeDescription, "icon" | "subtitle"> {
  const { palette } = hostedTool(type);
  return {
    displayName: palette.label,
    name: nodeName(type),
    group: ["transform"],
    version: 1,
    description: palette.description,
    // The model knows a tool by the name its node has on the canvas.
    defaults: { name: palette.label },
    codex: { categories: ["AI"], alias: ["Totem", "2FA", "TOTP", "identity", "one-time code", type] },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "totemApi", required: true }],
    properties: toolParameters(type),
  };
}

/** get_totp_code is getTotpCode. */
export const nodeName = (type: string): string => type.replaceAll(/_(.)/g, (_, next) => next.toUpperCase());
