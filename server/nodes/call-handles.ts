import { PluginError } from "../../plugin/plugin-error.ts";
import { isScripted } from "../../plugin/scripted-model.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import {
  type HandleKind,
  type HandlePlace,
  type Handles,
  handlePattern,
  homeOf,
} from "../handles/handles.ts";
import { hideSecrets, mapStrings } from "../redaction/hide-secrets.ts";
import { modelNodeOf } from "../workflow/agent-tools.ts";
import type { ToolCall } from "../workflow/node-executor.ts";
import { agentUserOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

/** The life of a handle whose secret has no window of its own, in seconds. */
export const handleSeconds = 15 * 60;

export interface RevealedSecret {
  readonly kind: HandleKind;
  readonly value: string;
  readonly seconds: number;
  readonly place: HandlePlace;
}

type RevealingCall = ToolCall & { readonly config: { readonly reveal: "auto" | "value" | "handle" } };

/** The secret itself, or a handle for it, as the node's settings say. */
export async function revealSecret(
  parts: NodeParts,
  call: RevealingCall,
  { kind, value, seconds, place }: RevealedSecret,
): Promise<string> {
  if (showsValue(call)) return value;
  const expiresAt = new Date(parts.now().getTime() + seconds * 1000);
  return parts.handles.create(await agentUserOf(parts, call), { kind, value, expiresAt, place });
}

/** What an agent proves itself with at Totem goes to this server only. */
export const ownPlace: HandlePlace = { belongsTo: "own_account" };
/** Whether the answer holds the secret itself. Left to itself, it does so only where no model outside reads it. */
export function showsValue(call: RevealingCall): boolean {
  const { reveal } = call.config;
  return reveal === "value" || (reveal === "auto" && (call.byHand === true || isOfScriptedModel(call)));
}

/** In a run of the scripted model, which is no language model and sends nothing anywhere. */
function isOfScriptedModel({ caller, workflow, callerNodeId }: ToolCall): boolean {
  if (caller.trace?.runId === undefined || callerNodeId === undefined) return false;
  const model = modelNodeOf(workflow, callerNodeId);
  return model !== undefined && isScripted(model.data.config);
}

/** A code as a model passes it on: a handle of its agent's is turned into the code. */
export async function codeFrom(parts: NodeParts, call: ToolCall, code: string): Promise<string> {
  if (!hasHandle(code)) return code;
  try {
    return (await fillForOwnApi(parts, await agentUserOf(parts, call), code)).value;
  } catch (error) {
    // The answer to a code that is used or too old says what to do: get a fresh one.
    if (error instanceof PluginError && error.code === "HANDLE_REFUSED")
      throw new PluginError("CODE_REJECTED");
    throw error;
  }
}

export interface Filled<T> {
  readonly value: T;
  /** Hides the filled-in secrets wherever an answer repeats them. */
  readonly hide: <A>(answer: A) => A;
}

/** Whether a handle is anywhere in a value. */
export const hasHandle = (value: unknown): boolean =>
  JSON.stringify(value ?? null).search(handlePattern) >= 0;

interface FillingParts {
  readonly handles: Pick<Handles, "redeem">;
  readonly server: { readonly apiBaseUrl: string };
}

/** Puts what is given in the place of every handle in a JSON value. */
export const replaceHandles = <T>(value: T, resolve: (handle: string) => string): T =>
  mapStrings(value, (text) => text.replaceAll(handlePattern, (handle) => resolve(handle)));

/**
 * Replaces every handle in a JSON value that this server takes itself, in this process. All are used up, also when what
 * follows fails. None is where one does not belong here. What is sent anywhere goes through the door.
 */
export async function fillForOwnApi<T>(
  { handles, server }: FillingParts,
  caller: AgentUserCaller,
  value: T,
): Promise<Filled<T>> {
  const found = [...new Set(JSON.stringify(value ?? null).match(handlePattern))];
  const secrets = await handles.redeem(caller, { handles: found, target: homeOf(server), isOwnApi: true });
  return {
    value: replaceHandles(value, (handle) => {
      const secret = secrets.get(handle);
      if (secret === undefined) throw new PluginError("HANDLE_REFUSED");
      return secret.value;
    }),
    hide: hideSecrets([...secrets.values()].map((secret) => secret.value)),
  };
}
