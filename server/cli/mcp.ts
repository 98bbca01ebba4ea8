import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { asPluginError, PluginError, toToolFailure } from "../../plugin/plugin-error.ts";
import { readSettings } from "../settings.ts";
import { type AskServer, createAskServer } from "./ask-mcp-server.ts";

/**
 * `totem mcp`: the tools of a running server for hosts that start a program and talk to it over stdio. Standard
 * output belongs to the protocol; whatever people should read goes to standard error.
 */
export async function speakMcp(): Promise<number> {
  const { TOTEM_URL, TOTEM_KEY } = readSettings(process.env);
  if (TOTEM_KEY === undefined)
    throw new PluginError("SETTING_INVALID", {
      message: "Set TOTEM_KEY to the key of an agent user, or to a service key.",
    });
  const ask = createAskServer({ url: TOTEM_URL, key: TOTEM_KEY });
  // A host shows why a program ended, and hides what a tool of it says.
  await ask("tools/list", {});
  const connection = serveStdio(() => createProxy(ask), { onerror: ({ message }) => say(message) });
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    process.stdin.once("close", resolve).once("end", resolve);
  });
  await connection.close();
  return 0;
}

/** Passes the two requests there are on, and answers the rest of the protocol itself. */
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
