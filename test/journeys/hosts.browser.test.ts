import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import { fastify } from "fastify";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import {
  cardOf,
  dragFromPalette,
  edgesOf,
  handleOf,
  seriousAxeProblems,
  wire,
} from "../support/browser-studio.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

const files = fastify();
let browser: Browser;
let server: TestServer;
let url: string;

beforeAll(async () => {
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vite/bin/vite.js", "build", "--config", "examples/vite.config.ts", "--logLevel", "error"],
    { env: { ...process.env, NODE_ENV: "production" }, stdio: "inherit" },
  );
  if (status !== 0) throw new Error("The example hosts do not build.");
  await files.register(fastifyStatic, { root: resolve("dist/examples") });
  [url, server, browser] = await Promise.all([files.listen({ port: 0 }), startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await files.close();
});

const places = {
  trigger_chat: { x: 150, y: 80 },
  agent: { x: 450, y: 80 },
  ai_model: { x: 300, y: 300 },
  whoami: { x: 580, y: 300 },
} as const;

const graphOf = async (page: Page) => JSON.parse(await page.getByLabel("The workflow as JSON").inputValue());

/** The graph a host holds is one our server takes and runs as it is. */
async function runs(page: Page, name: string): Promise<void> {
  const graph = await graphOf(page);
  expect(graph.edges.map(({ label }: { label: string }) => label).toSorted()).toEqual(["", "llm", "tool"]);
  for (const node of graph.nodes)
    if (node.type === "ai_model")
      node.data.config = { provider: "scripted", steps: [{ tool: "whoami" }, { say: "Done." }] };
  const created = await server.api("POST", "/workflows", { name, ...graph });
  expect(created.status).toBe(201);
  const { slug } = created.body;
  const started = await server.api("POST", `/workflows/${slug}/runs`, { input: "Go." });
  expect(started.status).toBe(202);
  const { id } = started.body;
  await expect
    .poll(async () => (await server.api("GET", `/runs/${id}`)).body.status, { timeout: 15_000 })
    .toBe("succeeded");
}

const focusNode = (page: Page, type: string) =>
  page.locator(".react-flow__node", { has: page.locator(`.totem-card[data-node-type="${type}"]`) }).focus();

describe.each(["host-xyflow", "host-reactflow"])("%s", (host) => {
  const open = async (colorScheme: "light" | "dark") => {
    const watched = await openPage(browser, { colorScheme });
    await watched.page.goto(`${url}/${host}/index.html`);
    await watched.page.getByRole("region", { name: "Nodes" }).waitFor();
    return watched;
  };

  it("takes our nodes by mouse, refuses wrong wires with their reason, and makes a graph that runs", async () => {
    const { page, complaints, context } = await open("light");
    for (const [type, place] of Object.entries(places)) await dragFromPalette(page, type, place);
    const tool = handleOf(page, "whoami", "tool", "source");
    const tools = handleOf(page, "agent", "tool", "target");
    const model = handleOf(page, "ai_model", "llm", "source");
    const modelEnd = handleOf(page, "agent", "llm", "target");
    const flow = handleOf(page, "trigger_chat", "flow", "source");
    const refused = (reason: string) => () => page.locator(".host__refused").getByText(reason).waitFor();

    await wire(page, tool, modelEnd, refused("A tool goes to an agent's Tools diamond."));
    await wire(page, model, tools, refused("A model goes to an agent's Model diamond."));
    await wire(page, flow, tools, refused("Only tools go to the Tools diamond."));
    expect(await edgesOf(page).count()).toBe(0);
    await wire(page, tool, tools);
    await wire(page, model, modelEnd);
    await wire(page, flow, handleOf(page, "agent", "flow", "target"));
    await expect.poll(() => edgesOf(page).count()).toBe(3);
    await wire(page, tool, tools, refused("These two are already connected."));
    await wire(
      page,
      handleOf(page, "agent", "flow", "source"),
      handleOf(page, "agent", "flow", "target"),
      refused("A node cannot be connected to itself."),
    );
    expect(await edgesOf(page).count()).toBe(3);

    const [transform, color] = await tools.evaluate((handle) => {
      const shape = getComputedStyle(handle, "::before");
      return [shape.transform, shape.backgroundColor];
    });
    expect(transform).toMatch(/^matrix\(0\.7071/);
    expect(color).toBe("rgb(22, 163, 74)");
    expect(await seriousAxeProblems(page)).toEqual([]);
    await runs(page, `${host} by mouse`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("does the same by keyboard alone", async () => {
    const { page, complaints, context } = await open("dark");
    for (const type of Object.keys(places)) {
      await page.locator(`.totem-palette__card[data-node-type="${type}"]`).press("Enter");
      await cardOf(page, type).waitFor();
    }
    const { position } = (await graphOf(page)).nodes[3];
    await focusNode(page, "whoami");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await graphOf(page)).nodes[3].position.x).toBeGreaterThan(position.x);

    const said = page.locator("[data-totem-wiring-says]");
    for (const [type, words] of [
      ["whoami", "Agent, Tools."],
      ["ai_model", "Agent, Model."],
      ["trigger_chat", "Agent, Input."],
    ] as const) {
      await focusNode(page, type);
      await page.keyboard.press("c");
      await page.locator(".react-flow__node[data-totem-target]").waitFor();
      await page.keyboard.press("Enter");
      await said.getByText(new RegExp(`^Connected: .* → ${words}$`)).waitFor();
    }
    await expect.poll(() => edgesOf(page).count()).toBe(3);
    await runs(page, `${host} by keyboard`);

    expect(await seriousAxeProblems(page)).toEqual([]);
    await page.locator(".react-flow__edge").last().focus();
    await page.keyboard.press("Enter");
    await page.locator(".totem-edge[data-selected]").waitFor();
    await page.keyboard.press("Delete");
    await expect.poll(() => edgesOf(page).count()).toBe(2);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
