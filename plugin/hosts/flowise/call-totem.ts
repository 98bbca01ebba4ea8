import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

export interface Server {
  readonly url: URL;
  readonly key: string;
}

const longestAnswer = 1_000_000;

/** What a person put into the credential. A message never repeats the key. */
export function readServer(credential: Readonly<Record<string, unknown>>): Server {
  const { totemUrl, totemKey } = credential;
  if (typeof totemUrl !== "string" || typeof totemKey !== "string" || !totemUrl.trim() || !totemKey.trim())
    throw new Error("Totem: choose a Totem credential with an address and a key on this tool.");
  const url = URL.canParse(totemUrl.trim()) ? new URL(totemUrl.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error("Totem: the credential's address must begin with http:// or https://.");
  const key = totemKey.trim();
  if (!/^[\x21-\x7e]{1,300}$/.test(key))
    throw new Error("Totem: the credential's key holds a character that no key has. Copy it again.");
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return { url: new URL("api/v1/host-calls", url), key };
}

/**
 * One call of the door for hosts; the answer is text for the model. What Totem refuses is an answer too. What
 * only the person who runs Flowise can put right is thrown. Not `fetch`: it gives up after five minutes, when
 * a wait for a code may end, and knows nothing of a proxy that Flowise was given.
 */
export async function callTotem(
  server: Server,
  body: object,
  longest: number,
  stop?: AbortSignal,
): Promise<string> {
  const late = AbortSignal.timeout(longest);
  const signal = stop ? AbortSignal.any([late, stop]) : late;
  let answer: { status: number; text: string };
  try {
    answer = await post(server, JSON.stringify(body), signal);
  } catch (cause) {
    if (stop?.aborted) throw new Error("Aborted");
    if (late.aborted) throw new Error(`Totem did not answer within ${longest / 1000} seconds.`);
    const code = (cause as { code?: unknown }).code;
    const why = typeof code === "string" ? ` (${code})` : "";
    throw new Error(`Totem could not be reached at ${server.url.origin}${why}.`);
  }
  return readAnswer(answer);
}

function readAnswer({ status, text }: { status: number; text: string }): string {
  const failure = status === 200 ? undefined : failureIn(text);
  if (status === 200 && isJson(text)) return text;
  // The key is the person's matter; an agent without a right is refused by other codes.
  if (status === 401) throw new Error("Totem refused the key of this credential. Make a new one in Totem.");
  if (status === 403 && failure?.code === "FORBIDDEN")
    throw new Error("Totem refused: this key is not for this Flowise, or it may not call tools for a host.");
  if (failure) return text;
  throw new Error(`Totem gave status ${status} and not its own answer. Check the credential's address.`);
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

function failureIn(text: string): { code?: unknown } | undefined {
  if (!isJson(text)) return undefined;
  const body = JSON.parse(text) as { success?: unknown; code?: unknown } | null;
  return body?.success === false ? body : undefined;
}

/** Redirects are not followed: the key goes to the address that a person gave, and nowhere else. */
function post({ url, key }: Server, body: string, signal: AbortSignal) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method: "POST",
        signal,
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          // A connection kept from the last call may be dead by now, and a call is not sent twice.
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
