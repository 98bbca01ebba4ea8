import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { asPluginError, PluginError, toToolFailure } from "../../plugin/plugin-error.ts";
import { readSettings } from "../settings.ts";

/**
 * `totem mcp`: the tools of a running server for hosts that start a program and talk to it over stdio. Standard
 * output belongs to the protocol; text for people goes to standard error.
 */
export async function speakMcp(): Promise<number> {
  const { TOTEM_URL, TOTEM_KEY } = readSettings(process.env);
  if (TOTEM_KEY === undefined)
    throw new PluginError("SETTING_INVALID", {
      message: "Set TOTEM_KEY to the key of an agent user, or to a service key.",
    });
  const ask = createAskServer({ url: TOTEM_URL, key: TOTEM_KEY });
  // A host shows why a program ended, but hides what its tools say.
  await ask("tools/list", {});
  const connection = serveStdio(() => createProxy(ask), { onerror: ({ message }) => say(message) });
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    process.stdin.once("close", resolve).once("end", resolve);
  });
  await connection.close();
  return 0;
}

/** Passes on the two requests that there are, and answers the rest of the protocol itself. */
function createProxy(ask: AskServer): Server {
  const server = new Server({ name: "totem", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler(
    "tools/list",
    async (_request, { mcpReq }) => (await ask("tools/list", {}, mcpReq.signal).catch(refuse)) as never,
  );
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const { name, arguments: args = {} } = params;
    const answer = ask("tools/call", { name, arguments: args }, mcpReq.signal);
    return (await answer.catch((error: unknown) => {
      if (error instanceof ProtocolError) throw error;
      say(asPluginError(error).message);
      return { content: [{ type: "text", text: JSON.stringify(toToolFailure(error)) }], isError: true };
    })) as never;
  });
  return server;
}

function refuse(error: unknown): never {
  if (error instanceof ProtocolError) throw error;
  const { message } = asPluginError(error);
  say(message);
  throw new ProtocolError(ProtocolErrorCode.InternalError, message);
}

const say = (message: string): void => void process.stderr.write(`totem: ${message}\n`);

/** Sends one request of the protocol to a running server and gives its result. */
type AskServer = (method: string, params: object, signal?: AbortSignal) => Promise<unknown>;

interface Reply {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A key goes into a header of these requests; a token for an address, which no header opens, into their address. */
const doorFor = (url: string, key: string): { address: string; headers: Record<string, string> } =>
  key.startsWith("totem_mcp_")
    ? { address: `${url}/mcp/${encodeURIComponent(key)}`, headers: {} }
    : { address: `${url}/mcp`, headers: { authorization: `Bearer ${key}` } };

/** The key is sent to this server and nowhere else. */
function createAskServer({ url, key }: { readonly url: string; readonly key: string }): AskServer {
  let id = 0;
  const { address, headers } = doorFor(url, key);
  return async (method, params, signal) => {
    const response = await fetch(address, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
      // A redirect would send the key to another server than the one that was named.
      redirect: "error",
      ...(signal ? { signal } : {}),
    }).catch((cause: unknown) => {
      throw new PluginError("UPSTREAM_FAILED", {
        message: `No Totem answers at ${url}. Start one with "totem start", or set TOTEM_URL.`,
        cause,
      });
    });
    const text = await response.text();
    if (!response.ok) throw refusalOf(response.status, url);
    const reply = readReply(text, response.headers.get("content-type") ?? "");
    if (!reply) throw notTotem(url);
    if (reply.error) throw new ProtocolError(reply.error.code, reply.error.message);
    return reply.result;
  };
}

function refusalOf(status: number, url: string): PluginError {
  if (status === 401)
    return new PluginError("UNAUTHENTICATED", { message: `TOTEM_KEY is not a key of the Totem at ${url}.` });
  if (status === 404)
    return new PluginError("NOT_FOUND", {
      message: `The server at ${url} does not speak MCP: TOTEM_URL names another, or it has TOTEM_MCP=off.`,
    });
  if (status === 429) return new PluginError("RATE_LIMITED");
  return status < 500 ? notTotem(url) : new PluginError("UPSTREAM_FAILED");
}

const notTotem = (url: string): PluginError =>
  new PluginError("UPSTREAM_FAILED", { message: `What answers at ${url} is no Totem. Check TOTEM_URL.` });

/** The one message that answers, out of JSON or of a stream of events. */
function readReply(text: string, contentType: string): Reply | undefined {
  const messages = contentType.startsWith("text/event-stream")
    ? text
        .split(/\r?\n/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice("data:".length))
    : [text];
  for (const message of messages) {
    const reply = parse(message);
    if (reply && ("result" in reply || "error" in reply)) return reply;
  }
  return undefined;
}

function parse(text: string): Reply | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
