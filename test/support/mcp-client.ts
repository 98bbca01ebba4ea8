import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { onTestFinished } from "vitest";
import type { TestServer } from "./start-test-server.ts";

export interface McpTestClient {
  readonly client: Client;
  /** The names of the tools that are listed, in order. */
  names(): Promise<string[]>;
  /** Calls a tool: its structured answer, or the failure it reports. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  call(name: string, args?: object): Promise<{ ok: boolean; body: any }>;
}

interface Door {
  /** A bearer key, or a token in the address. */
  readonly key?: string;
  readonly token?: string;
  /** Other headers, as a person's page sends them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The protocol of 2026 if true, of 2025 otherwise. */
  readonly modern?: boolean;
  /** Gets every message received. */
  readonly onText?: (text: string) => void;
}

/** The official client, connected over streamable HTTP until the test ends. */
export async function connectMcp(server: TestServer, door: Door): Promise<McpTestClient> {
  const client = new Client(
    { name: "test", version: "1" },
    door.modern ? { versionNegotiation: { mode: "auto" } } : {},
  );
  const address = door.token === undefined ? "/mcp" : `/mcp/${door.token}`;
  const transport = new StreamableHTTPClientTransport(new URL(address, server.url), {
    requestInit: {
      headers: {
        ...door.headers,
        ...(door.key === undefined ? {} : { authorization: `Bearer ${door.key}` }),
      },
    },
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (door.onText) {
        const text = await response.clone().text();
        door.onText(`${JSON.stringify([...response.headers])}\n${text}`);
      }
      return response;
    },
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return ofClient(client);
}

export const ofClient = (client: Client): McpTestClient => ({
  client,
  names: async () => (await client.listTools()).tools.map(({ name }) => name),
  call: async (name, args = {}) => {
    const result = await client.callTool({ name, arguments: { ...args } });
    const [first] = result.content;
    const text = first?.type === "text" ? first.text : "";
    return { ok: result.isError !== true, body: JSON.parse(text) };
  },
});
