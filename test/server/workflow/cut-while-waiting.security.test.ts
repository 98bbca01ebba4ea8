import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow, node, toolEdge } from "../../support/build-workflow.ts";
import { deliver } from "../../support/deliver.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { connectMcp } from "../../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

type Change = (server: TestServer, slug: string, nodeId: string) => Promise<void>;

const save = async (
  server: TestServer,
  slug: string,
  change: (graph: ReturnType<typeof agentWorkflow>) => object,
) => {
  const { version, nodes, edges } = (await server.api("GET", `/workflows/${slug}`)).body;
  const saved = await server.api("PUT", `/workflows/${slug}`, {
    version,
    nodes,
    edges,
    ...change({ nodes, edges }),
  });
  expect(saved.status, saved.text).toBe(200);
};
const cut: Change = (server, slug, nodeId) =>
  save(server, slug, ({ edges }) => ({ edges: edges.filter(({ source }) => source !== nodeId) }));
const hide: Change = (server, slug, nodeId) =>
  save(server, slug, ({ nodes }) => {
    for (const one of nodes) if (one.id === nodeId) one.data.config.reveal = "handle";
    return { nodes };
  });
const move: Change = (server, slug) =>
  save(server, slug, ({ nodes }) => ({ nodes: nodes.map((one) => ({ ...one, position: { x: 9, y: 9 } })) }));

async function addAgent(server: TestServer, nodeId: string, type: string, config: object) {
  const graph = agentWorkflow();
  graph.nodes.push(node(nodeId, type, { ...config, reveal: "value" }));
  graph.edges.push(toolEdge(nodeId));
  const slug = await server.addWorkflow(graph, "Waits");
  const { api_key: key, username } = (await server.call(slug, "create")).body;
  return { slug, key, username } as { slug: string; key: string; username: string };
}

describe("H13: a tool whose wire is cut while a call waits", () => {
  let server: TestServer;
  const clock = fixedClock();
  const waitMs = 2_500;
  let whileWaiting = async (): Promise<void> => {};
  beforeAll(async () => {
    server = await startTestServer({
      clock: {
        now: clock.now,
        sleep: async (milliseconds, signal) => {
          if (milliseconds === waitMs) await whileWaiting();
          return clock.sleep(milliseconds, signal);
        },
      },
    });
  });
  afterAll(() => server.stop());

  it.each([
    ["cut", cut, { success: false, code: "TOOL_NOT_WIRED" }],
    ["a save of something else", move, { success: true, totp_code: expect.stringMatching(/^\d{6}$/) }],
  ] as const)("H13: by MCP, a Vault TOTP that waits for its window: %s", async (name, change, answer) => {
    const { slug, key, username } = await addAgent(server, "totp", "vault_totp", { min_remaining: 10 });
    const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    const stored = await server.api("POST", "/vault/entries", { name, one_time: { secret: seed } });
    await server.api("PUT", `/vault/entries/${stored.body.id}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["codes"],
    });
    const { call } = await connectMcp(server, { key });
    clock.set(new Date(Math.ceil(clock.now().getTime() / 30_000) * 30_000 + 30_000 - waitMs));
    let changed = false;
    whileWaiting = async () => {
      if (changed) return;
      changed = true;
      await change(server, slug, "totp");
    };
    const { body } = await call("vault_totp", { name });
    expect(changed).toBe(true);
    expect(body).toMatchObject(answer);
  });
});

describe("H13: a wire that is cut while the agent waits for a message", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ settings: { TOTEM_MAIL_DOMAIN: "agents.example" } });
  });
  afterAll(() => server.stop());

  it.each([
    ["cut", cut, { code: "TOOL_NOT_WIRED" }],
    ["set to give a handle", hide, { code: "TOOL_NOT_WIRED" }],
    ["left while something else is saved", move, { verification_code: "482913" }],
  ] as const)("H13: by its key: the wire is %s", async (_name, change, answer) => {
    const { slug, key, username } = await addAgent(server, "wait", "wait_for_code", { timeout_seconds: 60 });
    const waiting = server.as(key)("POST", `/workflows/${slug}/nodes/wait/call`, { arguments: {} });
    const isWaiting = async () =>
      (await server.api("GET", "/inbox/waits")).body.waits.some(
        (one: { state: string; agent: string }) => one.state === "waiting" && one.agent === username,
      );
    await expect.poll(isWaiting, { timeout: 10_000 }).toBe(true);
    await change(server, slug, "wait");
    await deliver(server, `${username}@agents.example`, "Your sign-in code is 482913");
    const { body, text } = await waiting;
    expect(body).toMatchObject(answer);
    if ("code" in answer) expect(withoutRandom(text)).not.toContain("482913");
  });
});
