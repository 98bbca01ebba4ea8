import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import type { Kysely } from "kysely";
import { z } from "zod";
import { account } from "../../plugin/api/v0.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { auditRefusal } from "../access/authorize.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";
import { isFresh } from "../access/fresh-proof.ts";
import { describeAccount, type OwnAddresses } from "../agent-api/account.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { toPluginError } from "../request/errors.ts";
import type { Vault } from "../vault/vault.ts";
import { type CanvasToolParts, canvasTools } from "./canvas-tools.ts";
import { mailTools } from "./mail-tools.ts";
import {
  defineMcpTool,
  listTool,
  type McpCall,
  type McpTool,
  reads,
  toolFailure,
  toolResult,
} from "./mcp-tool.ts";
import { vaultTools } from "./vault-tools.ts";
import { waitTool } from "./wait-tool.ts";

export interface McpServerParts extends CanvasToolParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly inbox: Inbox;
  readonly addresses: OwnAddresses;
  readonly log: { readonly error: (details: object, message: string) => void };
}

const instructions =
  "Totem keeps this agent's identity, its one-time codes and its credentials for other services. Codes are short-lived: ask for one right before it is used.";

/**
 * Makes the server of one request, for one caller. It lists what its caller may use, and does it; there is
 * no session, and listing writes nothing.
 */
export function createMcpServers(parts: McpServerParts): (caller: AuthenticatedCaller) => Server {
  const tools = [
    ...canvasTools(parts),
    ...vaultTools(parts.vault),
    ...mailTools(parts.inbox),
    waitTool(parts.inbox),
    identityTool(parts),
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
      // The input is not repeated, not even a name.
      if (named.length === 0)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such tool.");
      const { signal } = mcpReq;
      return answer(parts, { name: params.name, caller, signal }, () => {
        const tool = named.find((one) => one.mayUse(caller));
        if (!tool) throw new PluginError("FORBIDDEN");
        if (tool.fresh && caller.kind === "person" && !isFresh(caller, parts.clock.now()))
          throw new PluginError("FRESH_PROOF_NEEDED", {
            message: "Prove first that it is you: POST /api/v1/people/me/proof.",
          });
        const report = reportProgress.bind(null, parts.clock, mcpReq);
        return callMcpTool(tool, params.arguments, { caller, signal, reportProgress: report });
      });
    });
    return server;
  };
}

/** A tool of the canvas comes before another tool of the same name, in the list and when it is called. */
const firstOfEachName = (tools: readonly McpTool[]): readonly McpTool[] =>
  tools.filter(({ name }, index) => tools.findIndex((one) => one.name === name) === index);

async function callMcpTool(tool: McpTool, sent: unknown, call: McpCall) {
  const input = parseInput(tool.input, sent ?? {}, "arguments");
  const output = tool.output.safeParse(await tool.run(input, call));
  if (!output.success) throw new PluginError("INTERNAL", { cause: output.error });
  return toolResult(output.data);
}

/** An error becomes the tool's answer. Its cause goes to the log, a refusal to the audit log. */
async function answer<T>(
  { db, clock, log }: McpServerParts,
  call: { readonly name: string; readonly caller: AuthenticatedCaller; readonly signal: AbortSignal },
  run: () => Promise<T>,
) {
  const { name, caller, signal } = call;
  try {
    return await run();
  } catch (thrown) {
    const error = toPluginError(thrown);
    // A call that was cancelled is no fault.
    if (error.status >= 500 && !signal.aborted)
      log.error({ code: error.code, tool: name, err: error.cause }, "a tool failed");
    if (error.code === "FORBIDDEN") {
      const refusal = { subject: { kind: "mcp_tool", id: name }, reason: "forbidden" } as const;
      await auditRefusal({ db, clock }, caller, refusal).catch((err: unknown) =>
        log.error({ err, tool: name }, "a refusal was not recorded"),
      );
    }
    return toolFailure(error);
  }
}

/** The answer of `/v0/whoami`: the account of the key, also where there is no workflow. */
const identityTool = ({ db, addresses }: McpServerParts): McpTool =>
  defineMcpTool({
    name: "identity_whoami",
    title: "Whose key this is",
    description: "Tells whose key you use: the account's name, its kind and its scopes.",
    mayUse: () => true,
    input: z.object({}),
    output: account,
    hints: reads,
    run: (_input, { caller }) => describeAccount(db, caller, addresses),
  });

/** Hosts give up on a call that is silent for a minute. The protocol has a message that says it goes on. */
const reportEveryMs = 5_000;

interface AskedCall {
  readonly _meta?: { readonly progressToken?: string | number | undefined } | undefined;
  readonly notify: (notification: { method: string; params: Record<string, unknown> }) => Promise<void>;
}

/** Tells the host that a call goes on, where the host asked for it. Returns a function that stops it. */
function reportProgress(clock: Clock, { _meta, notify }: AskedCall, total: number): () => void {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return () => {};
  const over = new AbortController();
  const report = async (): Promise<void> => {
    for (let progress = 0; ; progress += reportEveryMs / 1000) {
      await notify({
        method: "notifications/progress",
        params: { progressToken, progress, total, message: "Waiting for a message." },
      });
      await clock.sleep(reportEveryMs, over.signal);
    }
  };
  // It ends when it is stopped, or with the connection. The call's own answer says what happened.
  report().catch(() => {});
  return () => over.abort();
}
