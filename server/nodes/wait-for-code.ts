import type { Scope } from "../../plugin/api/scopes.ts";
import type { waitForCode } from "../../plugin/nodes/wait-for-code.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import type { WaitRequest } from "../inbox/begin-wait.ts";
import type { WaitAnswer } from "../inbox/hand-out-codes.ts";
import type { Inbox } from "../inbox/inbox.ts";
import { type NodeExecutor, Suspended, type ToolCall } from "../workflow/node-executor.ts";
import { agentPlaceOf, traceOf } from "./agent-place-of.ts";
import { type RevealParts, revealSecret } from "./reveal-secret.ts";

type WaitingInbox = Pick<Inbox, "beginWait" | "waitForCode" | "stillWaits" | "openMessage">;

/** By hand somebody holds a request open meanwhile. */
const mostByHand = 300;

export const executeWaitForCode =
  ({ inbox, ...reveal }: RevealParts & { readonly inbox: WaitingInbox }): NodeExecutor<typeof waitForCode> =>
  async (input, call) => {
    const place = agentPlaceOf(call);
    const { id, username, scopes } = await reveal.describe(place);
    const { config } = call;
    if (config.include_body && !scopes.includes("mail:read"))
      throw new PluginError("FORBIDDEN", {
        message:
          "This agent may not read mail: an administrator can give it mail:read, or switch the message off.",
      });
    const caller: AgentUserCaller = {
      kind: "agent_user",
      workspaceId: call.workspaceId,
      agentUserId: id,
      name: username,
      scopes: new Set(scopes as Scope[]),
      provenBy: "graph",
      location: place,
      actor: { ...traceOf(call).actor, onBehalfOf: username },
    };
    const request: WaitRequest = {
      caller,
      address: config.address || input.address || undefined,
      sender: config.sender || input.sender || undefined,
      service: config.service || input.service || undefined,
      type: config.type,
      lookBackSeconds: config.look_back_seconds,
      timeoutSeconds: config.timeout_seconds,
    };
    const answer = await answerFor(inbox, request, call, reveal.now());
    const now = reveal.now();
    const expiresIn = Math.max(0, Math.floor((Date.parse(answer.expiresAt) - now.getTime()) / 1000));
    const secret = await revealSecret(reveal, call, {
      kind: "code",
      value: answer.value,
      seconds: Math.max(expiresIn, 1),
    });
    return {
      success: true,
      kind: answer.kind,
      verification_code: answer.kind === "code" ? secret : null,
      link: answer.kind === "link" ? secret : null,
      sender_host: answer.senderHost,
      received_at: answer.receivedAt,
      expires_in: expiresIn,
      body: config.include_body ? await bodyOf(inbox, caller, answer) : null,
      server_time: now.toISOString(),
    };
  };

/** In a run the run is suspended; called by hand, the caller waits. */
async function answerFor(
  inbox: WaitingInbox,
  request: WaitRequest,
  call: ToolCall,
  now: Date,
): Promise<WaitAnswer> {
  const { runId, callId, callerNodeId } = call;
  if (!call.maySuspend || runId === undefined || callId === undefined || callerNodeId === undefined) {
    const timeoutSeconds = Math.min(request.timeoutSeconds, mostByHand);
    call.onWaiting?.(new Date(now.getTime() + timeoutSeconds * 1000));
    return inbox.waitForCode({ ...request, timeoutSeconds }, { signal: call.signal });
  }
  const run = { runId, callId, nodeId: call.nodeId, agentNodeId: callerNodeId };
  const { id, state, answer, ambiguous, expiresAt, isNew } = await inbox.beginWait({ ...request, run });
  // A worker that was away may come back too late for it.
  if (answer && Date.parse(answer.expiresAt) > now.getTime()) return answer;
  if (answer) throw new PluginError("CODE_NOT_RECEIVED");
  if (state === "cancelled") throw new PluginError("INBOX_WAIT_CANCELLED");
  if (state !== "waiting") throw new PluginError(ambiguous ? "CODE_AMBIGUOUS" : "CODE_NOT_RECEIVED");
  if (isNew) call.onWaiting?.(expiresAt, { waitId: id, ambiguous });
  throw new Suspended((trx) => inbox.stillWaits(trx, id));
}

async function bodyOf(
  inbox: WaitingInbox,
  caller: AgentUserCaller,
  answer: WaitAnswer,
): Promise<string | null> {
  if (answer.messageId === null) return null;
  try {
    return (await inbox.openMessage(caller, answer.messageId)).reading?.text ?? null;
  } catch (error) {
    // The text of a workspace's mailbox is not for its readers; the code, which is used up by now, is.
    if (error instanceof PluginError && error.code === "INBOX_MESSAGE_NOT_FOUND") return null;
    throw error;
  }
}
