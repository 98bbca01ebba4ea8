import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import type { Kysely } from "kysely";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Credentials } from "../agent-api/credentials.ts";
import type { Mail } from "../agent-api/mail.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { type CanvasToolParts, canvasTools } from "./canvas-tools.ts";
import { identityTool } from "./identity-tool.ts";
import { mailTools } from "./mail-tools.ts";
import type { McpCaller } from "./mcp-caller.ts";
import { listTool, type McpTool } from "./mcp-tool.ts";
import { reportProgress } from "./report-progress.ts";
import { toolFailure, toolResult } from "./tool-result.ts";
import { vaultTools } from "./vault-tools.ts";
import { waitTool } from "./wait-tool.ts";

export interface McpServerParts extends CanvasToolParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly inbox: Pick<Inbox, "waitForCode">;
  readonly mail: Mail;
  /** Turns whatever was thrown into one of our coded errors. */
  readonly toPluginError: (error: unknown) => PluginError;
  readonly log: { readonly error: (details: object, message: string) => void };
}

const instructions =
  "Totem keeps this agent's identity, its one-time codes and its credentials for other services. Codes are short-lived: ask for one right before it is used.";

/**
 * Makes the server of one request, for one caller. It lists what its caller may use, and does it; there is
 * no session, and listing writes nothing.
 */
export function createMcpServers(parts: McpServerParts): (caller: McpCaller) => Server {
  const tools = [
    ...canvasTools(parts),
    ...vaultTools(parts.credentials),
    ...mailTools(parts.mail),
    waitTool(parts.inbox),
    identityTool,
  ];
  return (caller) => {
    const server = new Server({ name: "totem", version: "1" }, { capabilities: { tools: {} }, instructions });
    server.setRequestHandler("tools/list", async () => {
      const usable = firstOfEachName(tools.filter((tool) => tool.mayUse(caller)));
      const atHand = await Promise.all(usable.map(({ isAtHand }) => isAtHand?.(caller) ?? true));
      return { tools: usable.filter((_tool, index) => atHand[index]).map(listTool) };
    });
    server.setRequestHandler("tools/call", ({ params }, { mcpReq }) => {
      const named = tools.filter(({ name }) => name === params.name);
      // What was sent is not repeated, not even a name.
      if (named.length === 0)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such tool.");
      const { signal } = mcpReq;
      return answer(parts, { name: params.name, caller, signal }, () => {
        const tool = named.find((one) => one.mayUse(caller));
        if (!tool) throw new PluginError("FORBIDDEN");
        return runTool(tool, params.arguments, {
          caller,
          signal,
          reportProgress: reportProgress(parts.clock, mcpReq),
        });
      });
    });
    return server;
  };
}

/** A tool of the canvas may be called like another: then it is the one that is called, and the one that is listed. */
const firstOfEachName = (tools: readonly McpTool[]): readonly McpTool[] =>
  tools.filter(({ name }, index) => tools.findIndex((one) => one.name === name) === index);

async function runTool(tool: McpTool, sent: unknown, call: Parameters<McpTool["run"]>[1]) {
  const input = parseInput(tool.input, sent ?? {}, "arguments");
  const output = tool.output.safeParse(await tool.run(input, call));
  if (!output.success) throw new PluginError("INTERNAL", { cause: output.error });
  return toolResult(output.data);
}

/** What goes wrong becomes the tool's answer; what really happened goes to the log, refusals to the audit log. */
async function answer<T>(
  { db, clock, log, toPluginError }: McpServerParts,
  call: { readonly name: string; readonly caller: McpCaller; readonly signal: AbortSignal },
  run: () => Promise<T>,
) {
  const { name, caller, signal } = call;
  try {
    return await run();
  } catch (thrown) {
    const error = toPluginError(thrown);
    // Whoever cancelled is told nothing, and it was no fault.
    if (error.status >= 500 && !signal.aborted)
      log.error({ code: error.code, tool: name, err: error.cause }, "a tool failed");
    if (error.code === "FORBIDDEN") {
      const { workspaceId, actor } = caller.vault;
      await writeAuditEvent(db, {
        workspaceId,
        at: clock.now(),
        actor,
        action: "request.refused",
        subject: { kind: "mcp_tool", id: name },
        result: "refused",
        reason: "forbidden",
      }).catch((err: unknown) => log.error({ err, tool: name }, "a refusal was not recorded"));
    }
    return toolFailure(error);
  }
}
