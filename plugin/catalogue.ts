import type { McpOffer, NodeContract, ToolContract } from "./define-node.ts";
import { agent } from "./nodes/agent.ts";
import { aiModel } from "./nodes/ai-model.ts";
import { createAgentUser } from "./nodes/create-agent-user.ts";
import { getTotpCode } from "./nodes/get-totp-code.ts";
import { httpRequest } from "./nodes/http-request.ts";
import { platformApi } from "./nodes/platform-api.ts";
import { stickyNote } from "./nodes/sticky-note.ts";
import { triggerChat } from "./nodes/trigger-chat.ts";
import { triggerManual } from "./nodes/trigger-manual.ts";
import { vaultStore } from "./nodes/vault-store.ts";
import { vaultTotp } from "./nodes/vault-totp.ts";
import { verifyTotpCode } from "./nodes/verify-totp-code.ts";
import { waitForCode } from "./nodes/wait-for-code.ts";
import { whoami } from "./nodes/whoami.ts";

/**
 * Every node, in palette order. This is the only list of nodes; all others are derived from it.
 *
 * @example catalogue.filter(isTool).map(({ palette }) => palette.label) // ["Create Agent User", "Get TOTP Code", …]
 */
export const catalogue = [
  triggerChat,
  triggerManual,
  agent,
  aiModel,
  createAgentUser,
  getTotpCode,
  verifyTotpCode,
  whoami,
  vaultTotp,
  vaultStore,
  waitForCode,
  platformApi,
  httpRequest,
  stickyNote,
] as const;

export type CatalogueNode = (typeof catalogue)[number];
export type NodeType = CatalogueNode["type"];
export type CatalogueTool = Extract<CatalogueNode, { kind: "tool" }>;
export type ToolType = CatalogueTool["type"];

const byType: ReadonlyMap<string, NodeContract> = new Map(catalogue.map((node) => [node.type, node]));

/**
 * The contract of a saved node type, or undefined when this catalogue has no such node.
 *
 * @example findContract("get_totp_code")?.palette.label // "Get TOTP Code"
 */
export const findContract = (type: string): NodeContract | undefined => byType.get(type);

/** Whether an agent can call the node. Then it has `tool`, `input` and `output`. */
export const isTool = (contract: NodeContract): contract is ToolContract => contract.kind === "tool";

/** The tools of the canvas that MCP clients may call, in palette order, and how they are offered. */
export const mcpTools: readonly { readonly contract: CatalogueTool; readonly offer: McpOffer }[] =
  catalogue.flatMap((node) =>
    node.kind === "tool" && "mcp" in node.tool ? [{ contract: node, offer: node.tool.mcp }] : [],
  );

/** The tools that agents of other builders may call, in palette order. */
export const hostedTools = catalogue.filter(
  (node): node is CatalogueTool => node.kind === "tool" && "hosted" in node.tool && node.tool.hosted,
);
