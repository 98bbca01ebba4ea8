import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { flowEdge, modelEdge, node } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

/** A service of this machine that is on no list, such as a cloud's metadata or an administrator's page. */
const asked: string[] = [];
const inside = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.end('{"answer":"from-inside"}');
});
let server: TestServer;
let author: TestServer["api"];
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
  port = (inside.address() as AddressInfo).port;
  server = await startTestServer();
  const { key } = (
    await server.api("POST", "/keys", {
      name: "author",
      scopes: ["workflows:write", "workflows:read", "runs:write"],
    })
  ).body;
  author = server.as(key);
});
afterAll(async () => {
  inside.closeAllConnections();
  inside.close();
  await server.stop();
});

/** What a key that may save and run workflows gets of a model at this address. */
async function runWith(base_url: string) {
  const saved = await author("POST", "/workflows", {
    name: "Anywhere",
    nodes: [
      node("chat", "trigger_chat"),
      node("agent", "agent"),
      node("model", "ai_model", { provider: "openai-compatible", model: "m", base_url }),
    ],
    edges: [flowEdge("chat", "agent"), modelEdge("model")],
  });
  const started = await author("POST", `/workflows/${saved.body.slug}/runs`, { input: "Hello?" });
  if (started.status >= 300) return started.text;
  const { id } = started.body;
  // Ends with the run.
  await server.send("GET", `/api/v1/runs/${id}/events`, undefined, {
    authorization: `Bearer ${server.adminKey}`,
  });
  return (await author("GET", `/runs/${id}`)).text;
}

it.each([
  ["this machine", () => `http://127.0.0.1:${port}`, "ADDRESS_REFUSED"],
  ["this machine by a number", () => `http://2130706433:${port}/v1`, "ADDRESS_REFUSED"],
  ["this machine by its name", () => `http://localhost:${port}/v1`, "ADDRESS_REFUSED"],
  ["this machine in IPv6", () => `http://[::ffff:127.0.0.1]:${port}/v1`, "ADDRESS_REFUSED"],
  ["a cloud's metadata", () => "http://169.254.169.254/latest/meta-data", "ADDRESS_REFUSED"],
  ["a cloud's metadata in IPv6", () => "http://[fd00:ec2::254]/latest", "ADDRESS_REFUSED"],
  ["a path of its own choice by ?", () => `http://127.0.0.1:${port}/admin?x=`, "WORKFLOW_INVALID"],
  ["a path of its own choice by #", () => `http://127.0.0.1:${port}/admin#`, "WORKFLOW_INVALID"],
])(
  "H12: a workflow's base URL does not make the server call %s, and shows no answer",
  async (_what, url, code) => {
    const shown = await runWith(url());
    expect(shown).not.toContain("from-inside");
    expect(shown).toContain(code);
    expect(asked).toEqual([]);
  },
);
