import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { callEnrolled, confirmWords, type EnrolledKeyPair } from "./enrolled-calls.ts";
import { tryKeyPair } from "./key-pair-of-flowise.ts";
import { signRequest } from "./sign-request.ts";

export interface Server {
  /** Ends with a slash. */
  readonly url: URL;
  readonly key: string;
}

/** What every call names, beside the rest. */
export interface CallBody {
  readonly host: string;
  readonly host_instance: string;
  readonly [name: string]: unknown;
}

const longestAnswer = 1_000_000;

/**
 * The server and the key of a credential. A message never repeats the key. Where many people share a Flowise, its
 * operator can name the one server that may be called (TOTEM_URL): Flowise's own rules for addresses do not apply here.
 */
export function readServer(
  credential: Readonly<Record<string, unknown>>,
  only: string | undefined = process.env.TOTEM_URL,
): Server {
  const { totemUrl, totemKey } = credential;
  if (typeof totemUrl !== "string" || typeof totemKey !== "string" || !totemUrl.trim() || !totemKey.trim())
    throw new Error("Totem: choose a Totem credential with an address and a key on this tool.");
  const url = URL.canParse(totemUrl.trim()) ? new URL(totemUrl.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error("Totem: the credential's address must begin with http:// or https://.");
  if (only && !(URL.canParse(only) && new URL(only).origin === url.origin))
    throw new Error(
      "Totem: this Flowise may call one Totem only, and the credential names another (TOTEM_URL).",
    );
  const key = totemKey.trim();
  if (!/^[\x21-\x7e]{1,300}$/.test(key))
    throw new Error("Totem: the credential's key holds a character that no key has. Copy it again.");
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return { url, key };
}

/**
 * Sends one host call, signed with the key pair of this Flowise, which enrols itself. The answer is text for the model, also when the tool refuses. Throws what only the person who runs
 * Flowise can correct. `fetch` is not used: it gives up after five minutes, when a wait for a code may end, and it
 * ignores the proxy that Flowise was given.
 */
export async function callTotem(
  server: Server,
  body: CallBody,
  { longestMs, stop }: { readonly longestMs: number; readonly stop?: AbortSignal | undefined },
): Promise<string> {
  const late = AbortSignal.timeout(longestMs);
  const signal = stop ? AbortSignal.any([late, stop]) : late;
  const pair = tryKeyPair();
  let done: { answer: Received; enrolled?: EnrolledKeyPair | undefined };
  try {
    done = await callEnrolled({
      server: `${server.url.href} ${server.key}`,
      enrol: async () => {
        if (typeof pair === "string") return undefined;
        const { host, host_instance } = body;
        const sent = JSON.stringify({ host, host_instance, public_key: pair.publicKey });
        // Whatever stands in the way stands in the way of the call too, which says it.
        return enrolledOf(await post({ ...server, path: keyPairsPath }, sent, signal).catch(() => undefined));
      },
      send: () => post({ ...server, path: callsPath }, JSON.stringify(body), signal),
      isRefused,
    });
  } catch (cause) {
    if (stop?.aborted) throw new Error("Aborted");
    if (late.aborted) throw new Error(`Totem did not answer within ${longestMs / 1000} seconds.`);
    const code = (cause as { code?: unknown }).code;
    const why = typeof code === "string" ? ` (${code})` : "";
    throw new Error(`Totem could not be reached at ${server.url.origin}${why}.`);
  }
  const { answer, enrolled } = done;
  if (isRefused(answer))
    throw new Error(
      `Totem does not know this Flowise yet. ${enrolled ? confirmWords(enrolled) : typeof pair === "string" ? pair : "See it in Totem, under Hosts."}`,
    );
  if (enrolled?.state === "pending") say(confirmWords(enrolled));
  return readAnswer(answer);
}

const callsPath = "api/v1/host-calls";
const keyPairsPath = "api/v1/host-key-pairs";

interface Received {
  readonly status: number;
  readonly text: string;
}

const isRefused = ({ text }: Received): boolean => parse(text)?.code === "SIGNATURE_REFUSED";

function enrolledOf(answer: Received | undefined): EnrolledKeyPair | undefined {
  const { state, fingerprint } = (answer?.status === 200 && parse(answer.text)) || {};
  if (state !== "pending" && state !== "confirmed") return undefined;
  // Compared by a person, so it must be no other text that an address could answer.
  return typeof fingerprint === "string" && /^[0-9A-F ]{39}$/.test(fingerprint)
    ? { state, fingerprint }
    : undefined;
}

let said = "";

/** Once in Flowise's log: its canvas shows the builder no notes beside an answer. */
function say(words: string): void {
  if (said === words) return;
  said = words;
  process.stderr.write(`Totem: ${words}\n`);
}

/** The answer to a host call: the tool's JSON, its refusal (`success: false`), or a problem (RFC 9457). */
interface Answer {
  readonly success?: unknown;
  readonly code?: unknown;
  readonly title?: unknown;
  readonly [name: string]: unknown;
}

/** Problems that only the owner of the credential can correct. */
const keyProblems: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: "Totem refused the key of this credential. Make a new one in Totem.",
  FORBIDDEN:
    "Totem refused: the key is not for this Flowise, or has not the scope hosts:call. In Totem, under Hosts, make another key for this Flowise.",
};

function readAnswer({ status, text }: { status: number; text: string }): string {
  const answer = parse(text);
  if (answer && status === 200) return text;
  if (answer?.success === false) {
    // The other fields repeat this for HTTP clients.
    const { type: _type, title: _title, status: _status, instance: _instance, ...refusal } = answer;
    return JSON.stringify(refusal);
  }
  const problem = typeof answer?.code === "string" ? answer.code : "";
  if (keyProblems[problem]) throw new Error(keyProblems[problem]);
  if (problem !== "" && typeof answer?.title === "string") throw new Error(`Totem: ${answer.title}`);
  throw new Error(`Totem gave status ${status} and not its own answer. Check the credential's address.`);
}

function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** Redirects are not followed: the key goes only to the address in the credential. */
async function post(
  to: Server & { readonly path: string },
  body: string,
  signal: AbortSignal,
): Promise<Received> {
  const url = new URL(to.path, to.url);
  const authorization = `Bearer ${to.key}`;
  const pair = tryKeyPair();
  const signature =
    typeof pair === "string"
      ? {}
      : await signRequest(pair, { method: "POST", url, authorization, body, at: new Date() });
  return new Promise<Received>((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method: "POST",
        signal,
        headers: {
          ...signature,
          authorization,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          // An old connection may be dead, and a call is not sent twice.
          connection: "close",
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
          if (text.length > longestAnswer) response.destroy(new Error("too long"));
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
