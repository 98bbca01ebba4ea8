import { type IDataObject, type IExecuteFunctions, NodeOperationError } from "n8n-workflow";
import { callEnrolled, confirmWords, type EnrolledKeyPair } from "./enrolled-calls.ts";
import { tryKeyPair } from "./key-pair-of-n8n.ts";
import { isSignatureRefused, notSigned, readAnswer } from "./read-answer.ts";

export interface HostCall {
  readonly body: IDataObject;
  /** Milliseconds. */
  readonly timeout: number;
  readonly item: number;
}

/**
 * Sends one host call, signed with the key pair of this n8n. The key pair enrols itself; while it waits for a person,
 * every answer says so beside the node's output, and a refusal says what to compare.
 */
export async function sendToTotem(context: IExecuteFunctions, call: HostCall): Promise<IDataObject> {
  const { url, apiKey } = await context.getCredentials("totemApi", call.item);
  const address = String(url).replace(/\/+$/, "");
  const pair = tryKeyPair();
  const send = () =>
    post(context, { ...call, address: `${address}/api/v1/host-calls` }).catch(() => {
      // The cause is left out on purpose: n8n's error holds the request, and the request holds the key.
      throw new NodeOperationError(context.getNode(), "Totem does not answer", {
        itemIndex: call.item,
        description: "Check that the server runs and that n8n reaches it at the URL of the credential.",
      });
    });
  const { answer, enrolled } = await callEnrolled({
    server: `${address} ${String(apiKey)}`,
    enrol: async () => {
      if (typeof pair === "string") return undefined;
      const { host, host_instance } = call.body;
      const body: IDataObject = { host, host_instance, public_key: pair.publicKey };
      const to = { ...call, body, timeout: enrolTimeout, address: `${address}/api/v1/host-key-pairs` };
      // Whatever stands in the way stands in the way of the call too, which says it.
      return enrolledOf(await post(context, to).catch(() => undefined));
    },
    send,
    isRefused: isSignatureRefused,
  });
  if (isSignatureRefused(answer))
    throw notSigned(context.getNode(), {
      item: call.item,
      why: enrolled ? confirmWords(enrolled) : typeof pair === "string" ? pair : undefined,
    });
  if (enrolled?.state === "pending") hint(context, confirmWords(enrolled));
  return readAnswer(answer, context.getNode(), call.item);
}

const enrolTimeout = 20_000;

function enrolledOf(answer: unknown): EnrolledKeyPair | undefined {
  const { statusCode, body } = (answer ?? {}) as { statusCode?: number; body?: unknown };
  const { state, fingerprint } = (body ?? {}) as IDataObject;
  if (statusCode !== 200 || (state !== "pending" && state !== "confirmed")) return undefined;
  // Compared by a person, so it must be no other text that an address could answer.
  return typeof fingerprint === "string" && /^[0-9A-F ]{39}$/.test(fingerprint)
    ? { state, fingerprint }
    : undefined;
}

function post(
  context: IExecuteFunctions,
  { address, body, timeout }: HostCall & { readonly address: string },
) {
  return context.helpers.httpRequestWithAuthentication.call(context, "totemApi", {
    method: "POST",
    url: address,
    // As text: what is signed is what is sent.
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
    json: true,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    // The key goes only to the address in the credential.
    disableFollowRedirect: true,
    timeout,
    // When the execution is stopped, the wait at Totem ends too.
    abortSignal: context.getExecutionCancelSignal(),
  });
}

/** A note beside the node's output. Versions of n8n without it have the same text in Totem. */
function hint(context: IExecuteFunctions, message: string): void {
  if (typeof context.addExecutionHints === "function")
    context.addExecutionHints({ message, location: "outputPane" });
}
