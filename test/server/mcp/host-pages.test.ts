import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { mcpAddress, mcpServersJson } from "../../../ui/studio/mcp/McpAddresses.tsx";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { connectMcp, ofClient } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const root = join(import.meta.dirname, "../../..");
const pages = ["langflow", "dify", "claude-desktop", "cursor"] as const;
const username = "agent_pages_agent";

let server: TestServer;
let key = "";
let token = "";
beforeAll(async () => {
  server = await startTestServer();
  const slug = await server.addWorkflow(agentWorkflow(), "Pages");
  key = (await server.call(slug, "create")).body.api_key;
  token = (await server.api("POST", "/mcp-tokens", { agent_user: username })).body.token;
});
afterAll(() => server.stop());

/** The examples of a page in one language, with what stands for a person's own put in. */
function examplesOf(page: string, language: "json" | "text"): string[] {
  const text = readFileSync(join(root, "docs/hosts", `${page}.md`), "utf8");
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, example]) =>
    (example ?? "")
      .trim()
      .replaceAll(/https:\/\/totem\.example|http:\/\/127\.0\.0\.1:4180/g, server.url)
      .replaceAll("totem_mcp_…", token)
      .replaceAll(`\${env:TOTEM_KEY}`, key)
      .replaceAll("/path/to/totem", root),
  );
}

const byAddress = z.strictObject({
  url: z.url(),
  headers: z.strictObject({ Authorization: z.string() }).optional(),
});
const byProgram = z.strictObject({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});
const config = z.strictObject({
  mcpServers: z.strictObject({ totem: z.union([byAddress, byProgram]) }),
});

/** Connects as the host would and asks who it is. */
async function whoIs(entry: z.infer<typeof byAddress> | z.infer<typeof byProgram>): Promise<string> {
  if ("url" in entry) {
    const { pathname } = new URL(entry.url);
    const door = entry.headers
      ? { key: entry.headers.Authorization.replace("Bearer ", "") }
      : { token: pathname.replace("/mcp/", "") };
    expect(pathname).toBe(entry.headers ? "/mcp" : `/mcp/${token}`);
    return (await (await connectMcp(server, door)).call("whoami")).body.username;
  }
  const client = new Client({ name: "test", version: "1" }, {});
  const env = { PATH: process.env.PATH ?? "", ...entry.env };
  await client.connect(new StdioClientTransport({ ...entry, env, stderr: "pipe" }));
  onTestFinished(() => client.close());
  return (await ofClient(client).call("whoami")).body.username;
}

describe("the pages for MCP hosts", () => {
  it.each(pages)(
    "docs/hosts/%s.md: every JSON and every address in it leads in, as the one agent",
    async (page) => {
      const entries = [
        ...examplesOf(page, "json").map((text) => config.parse(JSON.parse(text)).mcpServers.totem),
        ...examplesOf(page, "text").map((url) => ({ url })),
      ];
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) expect(await whoIs(entry)).toBe(username);
    },
  );

  it("have what the studio gives to paste", async () => {
    const address = mcpAddress(server.url, token);
    expect(examplesOf("dify", "text")).toEqual([address]);
    expect(examplesOf("cursor", "json").map((text) => JSON.parse(text))).toContainEqual(
      JSON.parse(mcpServersJson(address)),
    );
  });

  it("are all in the list of hosts", () => {
    const list = readFileSync(join(root, "docs/hosts/README.md"), "utf8");
    for (const page of pages) expect(list).toContain(`(${page}.md)`);
  });
});
