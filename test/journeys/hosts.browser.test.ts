import { resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import { fastify } from "fastify";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viteBuild } from "../support/browser-studio.ts";
import { startJourney } from "../support/start-journey.ts";

const files = fastify();
let url: string;

const journey = startJourney({ build: () => viteBuild("examples/vite.config.ts") });
beforeAll(async () => {
  await files.register(fastifyStatic, { root: resolve("dist/examples") });
  url = await files.listen({ port: 0 });
});
afterAll(() => files.close());

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
  const created = await journey.server.api("POST", "/workflows", { name, ...graph });
  expect(created.status).toBe(201);
  const { slug } = created.body;
  const started = await journey.server.api("POST", `/workflows/${slug}/runs`, { input: "Go." });
  expect(started.status).toBe(202);
  const { id } = started.body;
  await expect
    .poll(async () => (await journey.server.api("GET", `/runs/${id}`)).body.status, { timeout: 15_000 })
    .toBe("succeeded");
}

describe.each(["host-xyflow", "host-reactflow"])("%s", (host) => {
  const open = async (colorScheme: "light" | "dark") => {
    const watched = await journey.visit({ colorScheme });
    await watched.page.goto(`${url}/${host}/index.html`);
    await watched.page.getByRole("region", { name: "Nodes" }).waitFor();
    return watched;
  };

  it("takes our nodes by mouse, refuses wrong wires with their reason, and makes a graph that runs", async () => {
    const { studio, page, complaints, context } = await open("light");
    for (const [type, place] of Object.entries(places)) await studio.dragFromPalette(type, place);
    const tool = studio.handle("whoami", "tool", "source");
    const tools = studio.handle("agent", "tool", "target");
    const model = studio.handle("ai_model", "llm", "source");
    const modelEnd = studio.handle("agent", "llm", "target");
    const flow = studio.handle("trigger_chat", "flow", "source");
    const refused = (reason: string) => () => page.locator(".host__refused").getByText(reason).waitFor();

    await studio.wire(tool, modelEnd, refused("A tool goes to an agent's Tools diamond."));
    await studio.wire(model, tools, refused("A model goes to an agent's Model diamond."));
    await studio.wire(flow, tools, refused("Only tools go to the Tools diamond."));
    expect(await studio.edges().count()).toBe(0);
    await studio.wire(tool, tools);
    await studio.wire(model, modelEnd);
    await studio.wire(flow, studio.handle("agent", "flow", "target"));
    await expect.poll(() => studio.edges().count()).toBe(3);
    await studio.wire(tool, tools, refused("These two are already connected."));
    await studio.wire(
      studio.handle("agent", "flow", "source"),
      studio.handle("agent", "flow", "target"),
      refused("A node cannot be connected to itself."),
    );
    expect(await studio.edges().count()).toBe(3);

    const [transform, color] = await tools.evaluate((handle) => {
      const shape = getComputedStyle(handle, "::before");
      return [shape.transform, shape.backgroundColor];
    });
    expect(transform).toMatch(/^matrix\(0\.7071/);
    expect(color).toBe("rgb(22, 163, 74)");
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await runs(page, `${host} by mouse`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("does the same by keyboard alone", async () => {
    const { studio, page, complaints, context } = await open("dark");
    for (const type of Object.keys(places)) {
      await studio.addByKey(type);
    }
    const { position } = (await graphOf(page)).nodes[3];
    await studio.nodeOfType("whoami").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await graphOf(page)).nodes[3].position.x).toBeGreaterThan(position.x);

    const said = page.locator("[data-totem-wiring-says]");
    for (const [type, words] of [
      ["whoami", "Agent, Tools."],
      ["ai_model", "Agent, Model."],
      ["trigger_chat", "Agent, Input."],
    ] as const) {
      await studio.nodeOfType(type).focus();
      await page.keyboard.press("c");
      await page.locator(".react-flow__node[data-totem-target]").waitFor();
      await page.keyboard.press("Enter");
      await said.getByText(new RegExp(`^Connected: .* → ${words}$`)).waitFor();
    }
    await expect.poll(() => studio.edges().count()).toBe(3);
    await runs(page, `${host} by keyboard`);

    expect(await studio.seriousAxeProblems()).toEqual([]);
    await page.locator(".react-flow__edge").last().focus();
    await page.keyboard.press("Enter");
    await page.locator(".totem-edge[data-selected]").waitFor();
    await page.keyboard.press("Delete");
    await expect.poll(() => studio.edges().count()).toBe(2);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
