import { describe, expect, it } from "vitest";
import type { WorkflowBody } from "../../plugin/api/workflows.ts";
import { flowEdge, nodeAt, toolEdge } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";
import type { StudioPage, XY } from "../support/studio-page.ts";

const journey = startJourney();

/** Drags a node by its head, in steps as a hand does. `onTheWay` looks before it is let go. */
async function drag(studio: StudioPage, { id, by }: { id: string; by: XY }, onTheWay?: () => Promise<void>) {
  const { page } = studio;
  const box = await studio.node(id).boundingBox();
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
  (await journey.server.api("GET", `/workflows/${slug}`)).body as WorkflowBody;
const placeOf = async (slug: string, id: string) =>
  (await saved(slug)).nodes.find((each) => each.id === id)?.position;

describe("docking", () => {
  it("wires a tool that is dropped near an agent, takes it along, and lets it go when it is dragged away", async () => {
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(
      { nodes: [nodeAt([300, 0], "agent", "agent"), nodeAt([900, 400], "code", "get_totp_code")], edges: [] },
      "Docking",
    );
    await studio.node("code").waitFor();
    const start = await studio.picture();
    const zoom = await page
      .locator(".react-flow__viewport")
      .evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);

    // Its place below the agent is (320, 150); it is let go some way off.
    await drag(studio, { id: "code", by: { x: -560 * zoom, y: -230 * zoom } }, async () => {
      await page.locator('[data-dock-agent="agent"]').waitFor();
    });
    await expect.poll(() => studio.edges().count()).toBe(1);
    expect(await page.locator("[data-dock-agent]").count()).toBe(0);
    await expect.poll(() => placeOf(slug, "code")).toEqual({ x: 320, y: 150 });

    await drag(studio, { id: "agent", by: { x: 100 * zoom, y: 50 * zoom } });
    await expect.poll(() => placeOf(slug, "agent")).toEqual({ x: 400, y: 50 });
    expect(await placeOf(slug, "code")).toEqual({ x: 420, y: 200 });

    await drag(studio, { id: "code", by: { x: 300 * zoom, y: 200 * zoom } });
    await expect.poll(async () => (await placeOf(slug, "code"))?.x).toBe(720);
    await drag(studio, { id: "agent", by: { x: -50 * zoom, y: 0 } });
    await expect.poll(async () => (await placeOf(slug, "agent"))?.x).toBe(350);
    expect((await placeOf(slug, "code"))?.x).toBe(720);
    expect(await studio.edges().count()).toBe(1);

    // Four steps: docked, moved together, dragged away, the agent alone.
    for (let step = 0; step < 20; step++) {
      for (let back = 0; back < 4; back++) await page.keyboard.press("Control+z");
      if (step < 19) for (let forth = 0; forth < 4; forth++) await page.keyboard.press("Control+Shift+Z");
    }
    await expect.poll(() => studio.picture()).toEqual(start);
    await studio.savedMark().waitFor();
    expect(await placeOf(slug, "code")).toEqual({ x: 900, y: 400 });
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("edges by hand", () => {
  const chain = {
    nodes: [
      nodeAt([0, 0], "chat", "trigger_chat"),
      nodeAt([420, 0], "one", "agent"),
      nodeAt([840, 0], "two", "agent"),
      nodeAt([420, 330], "code", "get_totp_code"),
    ],
    edges: [flowEdge("chat", "one"), flowEdge("one", "two"), toolEdge("code", "one")],
  };

  it("moves an end of an edge to another node, and says why where it may not be", async () => {
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(chain, "Reconnect");
    await expect.poll(() => studio.edges().count()).toBe(3);
    const grab = async (): Promise<void> => {
      const end = await studio.handleAt("one", "tools").boundingBox();
      if (!end) throw new Error("There is no such handle.");
      // The end of the edge lies just outside its handle.
      await page
        .locator('.react-flow__edge[data-id="code-one"] .react-flow__edgeupdater-target')
        .hover({ force: true });
      await page.mouse.down();
    };
    const moveTo = async (nodeId: string, handleId: string): Promise<void> => {
      const box = await studio.handleAt(nodeId, handleId).boundingBox();
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
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(chain, "Insert");
    await expect.poll(() => studio.edges().count()).toBe(3);
    const [canvas, from, to] = [
      await page.getByTestId("canvas").boundingBox(),
      await studio.handleAt("one", "out").boundingBox(),
      await studio.handleAt("two", "in").boundingBox(),
    ];
    if (!canvas || !from || !to) throw new Error("The canvas is not there.");
    await studio.dragFromPalette("agent", {
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

    await studio.node(added).click();
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
