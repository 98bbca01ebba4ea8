import type { waitForCode as contract } from "../../plugin/nodes/wait-for-code.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { splitOrigins } from "../../plugin/reach-words.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import type { WaitRequest } from "../inbox/begin-wait.ts";
import type { WaitAnswer } from "../inbox/hand-out-codes.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { hideCodes } from "../redaction/hide-codes.ts";
import { readOrigins } from "../vault/origins.ts";
import { agentTools, findParentAgent } from "../workflow/agent-tools.ts";
import {
  type ConfiguredCall,
  Suspended,
  type ToolCall,
  type ToolInput,
  type ToolOutput,
} from "../workflow/node-executor.ts";
import { revealSecret, showsValue } from "./call-handles.ts";
import { agentUserOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

/** The longest wait of a call by hand, in seconds: it keeps a request open. */
const mostByHand = 300;

export async function waitForCode(
  parts: NodeParts,
  input: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const { inbox } = parts;
  const { config } = call;
  const caller = await agentUserOf(parts, call);
  if (config.include_body && !caller.scopes.has("mail:read"))
    throw new PluginError("FORBIDDEN", {
      message:
        "This agent may not read mail: an owner, administrator or operator can give it mail:read, or switch the message off.",
    });
  const request: WaitRequest = {
    caller,
    address: config.address || input.address || undefined,
    sender: config.sender || input.sender || undefined,
    service: config.service || input.service || undefined,
    type: config.type,
    lookBackSeconds: config.look_back_seconds,
    timeoutSeconds: config.timeout_seconds,
  };
  const answer = await answerFor(parts, request, call);
  // An agent that was disabled during the wait gets nothing. Whether the canvas still has the wire, the caller looks.
  await agentUserOf(parts, { ...call, onlyIfCurrent: false });
  const now = parts.now();
  const expiresIn = Math.max(0, Math.floor((Date.parse(answer.expiresAt) - now.getTime()) / 1000));
  const secret = await revealSecret(parts, call, {
    kind: "code",
    value: answer.value,
    seconds: Math.max(expiresIn, 1),
    place: { belongsTo: "tool", origins: originsOfCode(call) },
  });
  return {
    success: true,
    kind: answer.kind,
    verification_code: answer.kind === "code" ? secret : null,
    link: answer.kind === "link" ? secret : null,
    sender_host: answer.senderHost,
    received_at: answer.receivedAt,
    expires_in: expiresIn,
    body: config.include_body ? await bodyOf(inbox, caller, { ...answer, hidden: !showsValue(call) }) : null,
    server_time: now.toISOString(),
  };
}

/**
 * Where a delivered code may be sent. A mailbox belongs to no site, and a sender's name proves none, so the canvas says
 * it: the origins set here, else where the base URLs of the agent's HTTP Request tools lead. Never the model.
 */
function originsOfCode(call: ConfiguredCall<typeof contract>): string[] {
  const said = splitOrigins(call.config.origins);
  if (said.length > 0) return readOrigins(said, "config.origins");
  const { workflow, nodeId, callerNodeId } = call;
  const agent = findParentAgent(workflow, nodeId, callerNodeId);
  const configs = agentTools(workflow, agent.id)
    .filter(({ contract: { type } }) => type === "http_request")
    .map((tool) => workflow.nodes.find(({ id }) => id === tool.nodeId)?.data.config.base_url);
  return configs.flatMap((url) =>
    typeof url === "string" && URL.canParse(url) ? [new URL(url).origin] : [],
  );
}

/** In a run the run is suspended; called by hand, the caller waits. */
async function answerFor(parts: NodeParts, request: WaitRequest, call: ToolCall): Promise<WaitAnswer> {
  const { inbox } = parts;
  const now = parts.now();
  const { callerNodeId } = call;
  const { runId, callId } = call.caller.trace ?? {};
  if (!call.maySuspend || runId === undefined || callId === undefined || callerNodeId === undefined) {
    const timeoutSeconds = Math.min(request.timeoutSeconds, mostByHand);
    call.onWaiting?.(new Date(now.getTime() + timeoutSeconds * 1000));
    return inbox.waitForCode({ ...request, timeoutSeconds }, { signal: call.signal });
  }
  const run = { runId, callId, nodeId: call.nodeId, agentNodeId: callerNodeId };
  const { id, state, answer, ambiguous, expiresAt, isNew } = await inbox.beginWait({ ...request, run });
  // A worker that was away may return too late for the answer.
  if (answer && Date.parse(answer.expiresAt) > now.getTime()) return answer;
  if (answer) throw new PluginError("CODE_NOT_RECEIVED");
  if (state === "cancelled") throw new PluginError("INBOX_WAIT_CANCELLED");
  if (state !== "waiting") throw new PluginError(ambiguous ? "CODE_AMBIGUOUS" : "CODE_NOT_RECEIVED");
  if (isNew) call.onWaiting?.(expiresAt, { waitId: id, ambiguous });
  throw new Suspended((trx) => inbox.stillWaits(trx, id));
}

/** The message's text; where the model gets a handle, without the codes and links that the text holds. */
async function bodyOf(
  inbox: Inbox,
  caller: AgentUserCaller,
  { messageId, value, hidden }: WaitAnswer & { readonly hidden: boolean },
): Promise<string | null> {
  if (messageId === null) return null;
  try {
    const { reading, head } = await inbox.openMessage(caller, messageId);
    const text = reading?.text ?? null;
    if (text === null || !hidden) return text;
    return hideCodes(text, [value, ...(head?.found ?? []).map((one) => one.value)]);
  } catch (error) {
    // The readers of a workspace's mailbox get the code, which is used up by now, and not the text.
    if (error instanceof PluginError && error.code === "INBOX_MESSAGE_NOT_FOUND") return null;
    throw error;
  }
}
