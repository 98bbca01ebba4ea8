import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkflowBody } from "../../plugin/api/workflows.ts";
import { launchBrowser } from "../support/browser.ts";
import {
  buildStudio,
  dragFromPalette,
  edgesOf,
  handleAt,
  openStudio,
  pictureOf,
  savedMark,
} from "../support/browser-studio.ts";
import { flowEdge, node, toolEdge } from "../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  await buildStudio();
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const at = (id: string, type: string, x: number, y: number) => ({ ...node(id, type), position: { x, y } });
const nodeOf = (page: Page, id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);

/** Drags a node by its head, in steps as a hand does. `onTheWay` looks before it is let go. */
async function drag(page: Page, id: string, by: { x: number; y: number }, onTheWay?: () => Promise<void>) {
  const box = await nodeOf(page, id).boundingBox();
  if (!box) throw new Error("There is no such node.");
  const [x, y] = [box.x + 60, box.y + 20];
  await page.mouse.move(x, y);
  await page.mouse.down();
  // React Flow counts from where it notices that this is a drag.
  await page.mouse.move(x + 2, y);
  await page.mouse.move(x + by.x / 2, y + by.y / 2, { steps: 4 });
  await page.mouse.move(x + by.x, y + by.y, { steps: 4 });
  await onTheWay?.();
  await page.mouse.up();
}

const saved = async (slug: string): Promise<WorkflowBody> =>
  (await server.api("GET", `/workflows/${slug}`)).body as WorkflowBody;
const placeOf = async (slug: string, id: string) =>
  (await saved(slug)).nodes.find((each) => each.id === id)?.position;

describe("docking", () => {
  it("wires a tool that is dropped near an agent, takes it along, and lets it go when it is dragged away", async () => {
    const slug = await server.addWorkflow(
      { nodes: [at("agent", "agent", 300, 0), at("code", "get_totp_code", 900, 400)], edges: [] },
      "Docking",
    );
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await nodeOf(page, "code").waitFor();
    const start = await pictureOf(page);
    const zoom = await page
      .locator(".react-flow__viewport")
      .evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);

    // Its place below the agent is (320, 150); it is let go some way off.
    await drag(page, "code", { x: -560 * zoom, y: -230 * zoom }, async () => {
      await page.locator('[data-dock-agent="agent"]').waitFor();
    });
    await expect.poll(() => edgesOf(page).count()).toBe(1);
    expect(await page.locator("[data-dock-agent]").count()).toBe(0);
    await expect.poll(() => placeOf(slug, "code")).toEqual({ x: 320, y: 150 });

    await drag(page, "agent", { x: 100 * zoom, y: 50 * zoom });
    await expect.poll(() => placeOf(slug, "agent")).toEqual({ x: 400, y: 50 });
    expect(await placeOf(slug, "code")).toEqual({ x: 420, y: 200 });

    await drag(page, "code", { x: 300 * zoom, y: 200 * zoom });
    await expect.poll(async () => (await placeOf(slug, "code"))?.x).toBe(720);
    await drag(page, "agent", { x: -50 * zoom, y: 0 });
    await expect.poll(async () => (await placeOf(slug, "agent"))?.x).toBe(350);
    expect((await placeOf(slug, "code"))?.x).toBe(720);
    expect(await edgesOf(page).count()).toBe(1);

    // Four steps: docked, moved together, dragged away, the agent alone.
    for (let step = 0; step < 20; step++) {
      for (let back = 0; back < 4; back++) await page.keyboard.press("Control+z");
      if (step < 19) for (let forth = 0; forth < 4; forth++) await page.keyboard.press("Control+Shift+Z");
    }
    await expect.poll(() => pictureOf(page)).toEqual(start);
    await savedMark(page).waitFor();
    expect(await placeOf(slug, "code")).toEqual({ x: 900, y: 400 });
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("edges by hand", () => {
  const chain = {
    nodes: [
      at("chat", "trigger_chat", 0, 0),
      at("one", "agent", 420, 0),
      at("two", "agent", 840, 0),
      at("code", "get_totp_code", 420, 330),
    ],
    edges: [flowEdge("chat", "one"), flowEdge("one", "two"), toolEdge("code", "one")],
  };

  it("moves an end of an edge to another node, and says why where it may not be", async () => {
    const slug = await server.addWorkflow(chain, "Reconnect");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await expect.poll(() => edgesOf(page).count()).toBe(3);
    const grab = async (): Promise<void> => {
      const end = await handleAt(page, "one", "tools").boundingBox();
      if (!end) throw new Error("There is no such handle.");
      // The end of the edge lies just outside its handle.
      await page
        .locator('.react-flow__edge[data-id="code-one"] .react-flow__edgeupdater-target')
        .hover({ force: true });
      await page.mouse.down();
    };
    const moveTo = async (nodeId: string, handleId: string): Promise<void> => {
      const box = await handleAt(page, nodeId, handleId).boundingBox();
      if (!box) throw new Error("There is no such handle.");
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
    };

    await grab();
    await moveTo("two", "model");
    await page
      .locator('[data-part="connection-hint"]')
      .getByText("A tool goes to an agent's Tools diamond.")
      .waitFor();
    await page.mouse.up();
    expect((await saved(slug)).version).toBe(1);

    await grab();
    await moveTo("two", "tools");
    await page.mouse.up();
    await expect
      .poll(async () => (await saved(slug)).edges.find(({ id }) => id === "code-one")?.target)
      .toBe("two");
    await page.keyboard.press("Control+z");
    await expect
      .poll(async () => (await saved(slug)).edges.find(({ id }) => id === "code-one")?.target)
      .toBe("one");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("puts an agent into the edge it is dropped on, and heals the flow when it is deleted again", async () => {
    const slug = await server.addWorkflow(chain, "Insert");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await expect.poll(() => edgesOf(page).count()).toBe(3);
    const [canvas, from, to] = [
      await page.getByTestId("canvas").boundingBox(),
      await handleAt(page, "one", "out").boundingBox(),
      await handleAt(page, "two", "in").boundingBox(),
    ];
    if (!canvas || !from || !to) throw new Error("The canvas is not there.");
    await dragFromPalette(page, "agent", {
      x: (from.x + to.x) / 2 - canvas.x + 6,
      y: from.y + from.height / 2 - canvas.y,
    });
    const flow = async () =>
      (await saved(slug)).edges
        .filter(({ label }) => label === "")
        .map(({ source, target }) => [source, target]);
    await expect.poll(async () => (await flow()).length).toBe(3);
    const added = (await saved(slug)).nodes.find(({ id }) => id.startsWith("agent_"))?.id ?? "";
    expect(await flow()).toEqual(
      expect.arrayContaining([
        ["one", added],
        [added, "two"],
      ]),
    );

    await nodeOf(page, added).click();
    await page.keyboard.press("Delete");
    await expect.poll(flow).toEqual(
      expect.arrayContaining([
        ["chat", "one"],
        ["one", "two"],
      ]),
    );
    expect(complaints).toEqual([]);
    await context.close();
  });
});
