import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import type { Kysely } from "kysely";
import { z } from "zod";
import { account } from "../../plugin/api/v0.ts";
import { catalogue, isTool } from "../../plugin/catalogue.ts";
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
import { type CanvasToolParts, canvasTools, createToolsOfAgent } from "./canvas-tools.ts";
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
  const others = [
    ...vaultTools(parts.vault),
    ...mailTools(parts.inbox),
    waitTool(parts.inbox, parts.clock),
    identityTool(parts),
  ];
  const canvas = canvasTools(parts);
  const toolsOfAgent = createToolsOfAgent(parts);
  const known = new Set([...canvas, ...others].map(({ name }) => name));
  const grantable = new Set(others.map(({ name }) => name));
  const isOurs = (caller: AuthenticatedCaller): boolean =>
    caller.kind === "agent_user" && caller.location.host === parts.host.name;
  const ofCanvas = new Set<string>(catalogue.filter(isTool).map(({ type }) => type));

  /** An agent has what is wired to it, and what a person granted it by name. Others have what their scopes say. */
  async function toolsOf(caller: AuthenticatedCaller): Promise<readonly McpTool[]> {
    const open =
      caller.kind === "agent_user"
        ? [...(await toolsOfAgent(caller)), ...others.filter(({ name }) => caller.mcpTools.has(name))]
        : [...canvas, ...others];
    return firstOfEachName(open.filter((tool) => tool.mayUse(caller)));
  }

  return (caller) => {
    const server = new Server({ name: "totem", version: "1" }, { capabilities: { tools: {} }, instructions });
    server.setRequestHandler("tools/list", async () => ({ tools: (await toolsOf(caller)).map(listTool) }));
    server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
      const { name } = params;
      const tool = (await toolsOf(caller)).find((one) => one.name === name);
      // The input is not repeated, not even a name.
      if (!tool && !known.has(name) && !ofCanvas.has(name))
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such tool.");
      const { signal } = mcpReq;
      return answer(parts, { name, caller, signal }, () => {
        if (!tool) throw notAtHand(caller, ofCanvas.has(name) && !grantable.has(name) && isOurs(caller));
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

/** Why a tool that there is may not be called, and what would change that. */
function notAtHand(caller: AuthenticatedCaller, isWiredOnly: boolean): PluginError {
  if (caller.kind !== "agent_user") return new PluginError("FORBIDDEN");
  if (isWiredOnly) return new PluginError("TOOL_NOT_WIRED");
  return new PluginError("FORBIDDEN", {
    message: "This agent does not have this tool. A person can wire it to the agent, or grant it by name.",
  });
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
function reportProgress(clock: Clock, { _meta, notify }: AskedCall, until: Date): () => void {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return () => {};
  const total = Math.max(0, Math.round((until.getTime() - clock.now().getTime()) / 1000));
  const over = new AbortController();
  const report = async (): Promise<void> => {
    for (let progress = 0; ; progress += reportEveryMs / 1000) {
      await notify({
        method: "notifications/progress",
        params: { progressToken, progress, total, message: "Waiting." },
      });
      await clock.sleep(reportEveryMs, over.signal);
    }
  };
  // It ends when it is stopped, or with the connection. The call's own answer says what happened.
  report().catch(() => {});
  return () => over.abort();
}
