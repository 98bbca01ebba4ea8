import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { giveEveryTool } from "../../support/agent-rights.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { connectMcp, ofClient } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const cli = join(import.meta.dirname, "../../../server/cli.ts");
const path = process.env.PATH ?? "";
let server: TestServer;
let key = "";

beforeAll(async () => {
  server = await startTestServer();
  const { api_key, username } = (
    await server.call(await server.addWorkflow(agentWorkflow(), "Stdio"), "create")
  ).body;
  key = api_key;
  await giveEveryTool(server, username);
});
afterAll(() => server.stop());

/** `totem mcp`, fed these lines; what it wrote and how it ended. */
async function totemMcp(settings: Record<string, string>, lines: readonly string[] = []) {
  const child = spawn(process.execPath, [cli, "mcp"], { env: { PATH: path, ...settings } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    // Whoever closes the pipe wants no more answers: it is closed once the last one is here.
    if (lines.length > 0 && out.includes('"id":"last"')) child.stdin.end();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  child.stdin.on("error", () => {});
  for (const line of lines) child.stdin.write(`${line}\n`);
  const [code] = await once(child, "close");
  return { code, out, errors };
}

const connectStdio = async ({ url, modern, as = key }: { url: string; modern: boolean; as?: string }) => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, "mcp"],
    env: { PATH: path, TOTEM_URL: `${url}/`, TOTEM_KEY: as },
    stderr: "pipe",
  });
  let errors = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const client = new Client(
    { name: "test", version: "1" },
    modern ? { versionNegotiation: { mode: "auto" } } : {},
  );
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { ...ofClient(client), errors: () => errors };
};

describe("totem mcp", () => {
  it.each([true, false])(
    "gives the official client the tools of the server (newest revision: %s)",
    async (modern) => {
      const { client, call, errors } = await connectStdio({ url: server.url, modern });
      const overHttp = await connectMcp(server, { key, modern });
      const plain = async ({ client: one }: { client: Client }) => (await one.listTools()).tools;
      expect(await plain({ client })).toEqual(await plain(overHttp));
      expect((await call("whoami")).body).toEqual((await overHttp.call("whoami")).body);
      expect((await call("get_totp_code")).body).toMatchObject({
        success: true,
        username: "agent_stdio_agent",
      });
      expect(await call("vault_get", { name: "nothing" })).toMatchObject({
        ok: false,
        body: { code: "VAULT_ENTRY_NOT_FOUND" },
      });
      await expect(client.callTool({ name: "nope", arguments: {} })).rejects.toThrow(
        "There is no such tool.",
      );
      expect(errors()).toBe("");
    },
  );

  it("takes a token for an address in the place of a key", async () => {
    const { token, id } = (await server.api("POST", "/mcp-tokens", { agent_user: "agent_stdio_agent" })).body;
    const { call, errors } = await connectStdio({ url: server.url, modern: true, as: token });
    expect((await call("whoami")).body).toMatchObject({ username: "agent_stdio_agent" });
    await server.api("DELETE", `/mcp-tokens/${id}`);
    expect(await call("whoami")).toMatchObject({ ok: false, body: { code: "UNAUTHENTICATED" } });
    expect(errors()).not.toContain(token);
  });

  it("G5: writes nothing but JSON-RPC to standard output, whatever it is fed", async () => {
    const { code, out, errors } = await totemMcp({ TOTEM_URL: server.url, TOTEM_KEY: key }, [
      "this is no JSON",
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      '{"jsonrpc":"2.0","id":2,"method":"tools/list"}',
      '{"jsonrpc":"2.0","id":3,"method":"no/such/method"}',
      '{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"vault_get","arguments":{"name":"x"}}}',
      "{",
      '{"jsonrpc":"2.0","id":"last","method":"tools/call","params":{"name":"whoami"}}',
    ]);
    expect(code).toBe(0);
    const messages = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    for (const message of messages) expect(message).toMatchObject({ jsonrpc: "2.0" });
    expect(messages.map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2, 3, 4, "last"]));
    for (const text of [out, errors]) expect(text).not.toContain(key);
  });

  it("says to people why it cannot start, and nothing to the protocol", async () => {
    const gone = "http://127.0.0.1:9";
    const cases: [Record<string, string>, RegExp][] = [
      [
        { TOTEM_URL: gone, TOTEM_KEY: key },
        /^totem: No Totem answers at http:\/\/127\.0\.0\.1:9\. .*UPSTREAM_FAILED\)\n$/,
      ],
      [{ TOTEM_URL: server.url }, /^totem: Set TOTEM_KEY .*SETTING_INVALID\)\n$/],
      [
        { TOTEM_URL: server.url, TOTEM_KEY: "wrong-key-1" },
        /^totem: TOTEM_KEY is not a key .*UNAUTHENTICATED\)\n$/,
      ],
      [{ TOTEM_URL: `${server.url}/nowhere`, TOTEM_KEY: key }, /does not speak MCP.*NOT_FOUND\)\n$/],
      [{ TOTEM_URL: "not an address", TOTEM_KEY: key }, /TOTEM_URL: .*SETTING_INVALID\)\n$/],
    ];
    for (const [settings, said] of cases) {
      const { code, out, errors } = await totemMcp(settings);
      expect([code, out]).toEqual([1, ""]);
      expect(errors).toMatch(said);
      expect(errors).not.toContain(settings.TOTEM_KEY ?? key);
    }
  });

  it("reports a key that ended as the failure of the tool, and goes on when it is good again", async () => {
    const { call, errors } = await connectStdio({ url: server.url, modern: false });
    await server.api("POST", "/agent-users/agent_stdio_agent/disable");
    expect(await call("whoami")).toMatchObject({ ok: false, body: { code: "UNAUTHENTICATED" } });
    expect(errors()).toContain("TOTEM_KEY is not a key");
    await server.api("POST", "/agent-users/agent_stdio_agent/enable");
    expect((await call("whoami")).ok).toBe(true);
  });

  it("reports a server that went away as the failure of the tool", async () => {
    const other = await startTestServer();
    const { client, call, errors } = await connectStdio({ url: other.url, modern: true, as: other.adminKey });
    expect((await call("vault_list")).ok).toBe(true);
    await other.stop();
    expect(await call("vault_list")).toMatchObject({
      ok: false,
      body: { code: "UPSTREAM_FAILED", retryable: true },
    });
    await expect(client.listTools()).rejects.toThrow("No Totem answers");
    expect(errors()).toMatch(/^totem: No Totem answers at /);
  });
});
