import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { catalogue, isTool } from "../../plugin/catalogue.ts";
import { shortcuts } from "../../ui/studio/keys/shortcuts.ts";
import { flowEdge, modelEdge, nodeAt, toolEdge } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";
import { middleOf } from "../support/studio-page.ts";

const journey = startJourney();

const graph = {
  nodes: [
    nodeAt([0, 0], "chat", "trigger_chat"),
    nodeAt([400, 0], "agent", "agent"),
    nodeAt([280, 240], "model", "ai_model", { steps: [{ say: "Done." }] }),
    nodeAt([540, 240], "code", "get_totp_code"),
  ],
  edges: [flowEdge("chat", "agent"), modelEdge("model"), toolEdge("code")],
};

const open = async (title: string, workflow: object = graph, options = {}) => {
  const watched = await journey.openWorkflow(workflow as typeof graph, title, options);
  await watched.page.locator(".react-flow__node").first().waitFor();
  return watched;
};

const selectedIds = (page: Page) =>
  page
    .locator(".react-flow__node.selected")
    .evaluateAll((nodes) => nodes.map((one) => one.getAttribute("data-id")));

it("takes Escape for what was asked for and is still on its way", async () => {
  const { studio, page, complaints, context } = await journey.openWorkflow(graph as never, "On its way");
  await page.clock.install();
  await page.reload();
  await studio.card("agent").waitFor();
  // A card is drawn a moment before the keys are listened for.
  await page.waitForLoadState("networkidle");
  const file = Promise.withResolvers<void>();
  const asked = page.waitForRequest(/QuickAdd.*\.js/);
  await page.route(/QuickAdd.*\.js/, async (route) => {
    await file.promise;
    await route.continue();
  });
  await page.keyboard.press("n");
  await asked;
  await page.keyboard.press("Escape");
  const come = page.waitForResponse(/QuickAdd.*\.js/);
  file.resolve();
  const url = (await come).url();
  // As text: the page's own import. React may wait a moment before it shows what has come.
  await page.evaluate(`import(${JSON.stringify(url)})`);
  await page.clock.runFor(2_000);
  expect(await page.locator('[data-part="quick-add"]').count()).toBe(0);
  await page.keyboard.press("n");
  await page.locator('[data-part="quick-add"]').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

describe("the tools of the canvas", () => {
  it("shows every key on a sheet, by “?” and by its button, and gives the focus back", async () => {
    const { studio, page, complaints, context } = await open("Sheet");
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await sheet.waitFor();
    expect(await sheet.locator("dt").allTextContents()).toHaveLength(shortcuts.length);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });

    const button = page.getByRole("button", { name: "Keyboard shortcuts" });
    expect(await button.getAttribute("title")).toBe("Keyboard shortcuts (?)");
    await button.click();
    await sheet.getByRole("button", { name: "Close" }).click();
    await sheet.waitFor({ state: "detached" });
    expect(await button.evaluate((own) => own === document.activeElement)).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("finds a node by what it is called, and takes the person there", async () => {
    const { studio, page, complaints, context } = await open("Find");
    await page.keyboard.press("Control+f");
    const field = page.getByRole("combobox", { name: "Find a node" });
    await field.waitFor();
    await page.getByRole("status").getByText("4 matches").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await field.fill("no such thing");
    await page.getByText("No node is called “no such thing”.").waitFor();
    await field.fill("e");
    await field.press("ArrowDown");
    await field.fill("totp");
    await page.getByRole("status").getByText("1 match").waitFor();
    await field.press("Enter");
    await field.waitFor({ state: "detached" });
    await expect.poll(() => studio.focusedAttribute("data-id")).toBe("code");
    expect(await selectedIds(page)).toEqual(["code"]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("adds a node by key, in the middle of the view, and by double-click, under the pointer", async () => {
    const { studio, page, complaints, context } = await open("Add");
    await page.keyboard.press("n");
    const field = page.getByRole("combobox", { name: "Add a node" });
    await field.waitFor();
    await page.getByRole("status").getByText("14 matches").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await field.fill("n1xyz");
    await page.getByText("No node that fits here is called “n1xyz”.").waitFor();
    await field.press("Escape");
    await field.waitFor({ state: "detached" });
    expect(await studio.card("whoami").count()).toBe(0);

    await page.keyboard.press("/");
    await field.waitFor();
    await page.keyboard.type("who am");
    await page.keyboard.press("Enter");
    await studio.card("whoami").waitFor();
    await expect.poll(() => studio.focusedAttribute("data-id")).toMatch(/^whoami_/);
    await page.keyboard.press("Control+z");
    await studio.card("whoami").waitFor({ state: "detached" });

    const pane = await page.locator(".react-flow__pane").boundingBox();
    const place = { x: (pane?.x ?? 0) + 200, y: (pane?.y ?? 0) + 40 };
    await page.mouse.dblclick(place.x, place.y);
    await page.getByRole("option", { name: /^Verify TOTP Code/ }).click();
    const box = await studio.card("verify_totp_code").boundingBox();
    expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - place.x)).toBeLessThan(20);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lists what would be refused when Run is pressed, one click from its setting, its node and its edge", async () => {
    const broken = {
      nodes: [
        ...graph.nodes.slice(0, 2),
        nodeAt([280, 240], "model", "ai_model", { steps: [] }),
        nodeAt([540, 240], "loose", "whoami"),
      ],
      edges: [flowEdge("chat", "agent"), modelEdge("model"), { ...modelEdge("model"), id: "twice" }],
    };
    const { studio, page, complaints, context } = await open("Problems", broken);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    const list = page.getByRole("list", { name: "Problems" });
    await list.waitFor();
    const first = list.getByRole("button").first();
    expect(await first.evaluate((own) => own === document.activeElement)).toBe(true);
    expect(await studio.seriousAxeProblems()).toEqual([]);

    // A setting: the panel opens with it in hand.
    await first.click();
    await page.getByRole("heading", { name: "AI Model" }).waitFor();
    await expect
      .poll(() =>
        page.evaluate(() => document.activeElement?.closest("[data-config-field]")?.outerHTML ?? ""),
      )
      .toContain('data-config-field="steps"');

    // A node, by the key that runs.
    await page.keyboard.press("Control+Enter");
    await list.getByRole("button", { name: /Connect this tool/ }).click();
    await expect.poll(() => studio.focusedAttribute("data-id")).toBe("loose");

    // An edge.
    await page.keyboard.press("Control+Enter");
    await list.getByRole("button", { name: /already connected/ }).click();
    await expect.poll(() => studio.focusedAttribute("data-id")).toBe("twice");
    expect(await page.locator(".react-flow__edge.selected").getAttribute("data-id")).toBe("twice");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it("shows a map on request, remembers that, and keeps it from a narrow window", async () => {
  const { studio, page, complaints, context } = await open("Map");
  const map = page.getByRole("img", { name: "Map of the workflow" });
  expect(await map.count()).toBe(0);
  await page.keyboard.press("m");
  await map.waitFor();
  // The agent alone has the accent colour.
  const accented = () =>
    map.evaluate((svg) => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = "var(--totem-accent)";
      const { color } = getComputedStyle(probe);
      probe.remove();
      const nodes = [...svg.querySelectorAll(".react-flow__minimap-node")];
      return nodes.filter((one) => getComputedStyle(one).fill === color).length;
    });
  await expect.poll(accented).toBe(1);
  expect(await studio.seriousAxeProblems()).toEqual([]);
  await page.reload();
  await map.waitFor();
  await page.setViewportSize({ width: 700, height: 740 });
  await map.waitFor({ state: "detached" });
  await page.setViewportSize({ width: 1360, height: 860 });
  await page.getByRole("button", { name: "Map of the workflow" }).click();
  await map.waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
  await context.close();
});

it("does not say “Saved” of a setting that cannot be read yet", async () => {
  const { studio, page, complaints, context, slug } = await open("Half a setting", {
    ...graph,
    nodes: graph.nodes.map((one) =>
      one.id === "model"
        ? nodeAt([280, 240], "model", "ai_model", { steps: [{ tool: "get_totp_code" }] })
        : one,
    ),
  });
  await studio.savedMark().waitFor();
  await studio.card("ai_model").click();
  const field = page.getByLabel("Step 1: arguments as JSON");
  await field.fill('{ "a": ');
  const settings = studio.settings();
  await settings.getByText("Not valid yet: this is not JSON.").waitFor();
  await page.getByRole("status").getByText("Not valid yet: a setting is not saved").waitFor();
  // Readable, and yet no arguments.
  await field.fill("[1]");
  await settings.getByText("Not valid yet: write arguments as").waitFor();
  expect(await studio.savedMark().count()).toBe(0);
  await field.fill('{ "a": 1 }');
  await studio.savedMark().waitFor();
  const { nodes } = (await journey.server.api("GET", `/workflows/${slug}`)).body;
  expect(JSON.stringify(nodes)).toContain('"arguments":{"a":1}');
  expect(complaints).toEqual([]);
  await context.close();
});

it("gives a new model something to say, so that the first workflow of one's own runs", async () => {
  const { studio, page, complaints, context } = await open("First of my own", {
    nodes: graph.nodes.slice(0, 2),
    edges: graph.edges.slice(0, 1),
  });
  await studio.dragFromPalette("ai_model", { x: 300, y: 330 });
  const from = await studio.card("ai_model").locator(".totem-handle--diamond").boundingBox();
  const to = await studio.card("agent").locator('[data-handle-kind="llm"]').boundingBox();
  await page.mouse.move((from?.x ?? 0) + 6, (from?.y ?? 0) + 6);
  await page.mouse.down();
  await page.mouse.move((to?.x ?? 0) + 6, (to?.y ?? 0) + 6, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => studio.edges().count()).toBe(2);
  await studio.sendMessage("Hello.");
  await studio.runStatus("succeeded").waitFor();
  await studio
    .conversation()
    .getByText("Write my steps in the settings of my AI Model, or choose a provider there.")
    .waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

const options = (page: Page) => page.locator('[data-part="quick-add"] [role=option] [data-node-type]');
const optionTypes = (page: Page) =>
  options(page).evaluateAll((all) => all.map((one) => one.getAttribute("data-node-type")));

describe("what fits", () => {
  it("is offered by the “+” of a handle and by a wire let go over nothing, and comes wired in one step", async () => {
    const { studio, page, complaints, context } = await open("Fits");
    await expect.poll(() => studio.edges().count()).toBe(3);
    const plus = page.getByRole("button", { name: "Add a tool to Agent" });
    await plus.click();
    const field = page.getByRole("combobox", { name: "Add a connected node" });
    await field.waitFor();
    expect(await optionTypes(page)).toEqual(catalogue.filter(isTool).map(({ type }) => type));
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await field.press("Escape");
    await field.waitFor({ state: "detached" });
    expect(await plus.evaluate((own) => own === document.activeElement)).toBe(true);

    await plus.click();
    await field.fill("who");
    await field.press("Enter");
    await studio.card("whoami").waitFor();
    await expect.poll(() => studio.edges().count()).toBe(4);
    await page.keyboard.press("Control+z");
    await studio.card("whoami").waitFor({ state: "detached" });
    expect(await studio.edges().count()).toBe(3);

    // From the agent's output to the bare canvas: only what flow goes into.
    const from = await middleOf(page.locator('[data-nodeid="agent"][data-handleid="out"]'));
    const pane = await page.locator(".react-flow__pane").boundingBox();
    const drop = { x: (pane?.x ?? 0) + (pane?.width ?? 0) - 260, y: (pane?.y ?? 0) + 60 };
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(drop.x, drop.y, { steps: 8 });
    await page.mouse.up();
    await field.waitFor();
    expect(await optionTypes(page)).toEqual(["agent"]);
    await field.press("Enter");
    await expect.poll(() => studio.card("agent").count()).toBe(2);
    await expect.poll(() => studio.edges().count()).toBe(4);
    await page.keyboard.press("Control+z");
    await expect.poll(() => studio.card("agent").count()).toBe(1);
    expect(await studio.edges().count()).toBe(3);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("goes into an edge of the flow by its “+” and by key", async () => {
    const { studio, page, complaints, context } = await open("Insert");
    await expect.poll(() => studio.edges().count()).toBe(3);
    const line = await middleOf(page.locator('.react-flow__edge[data-id="chat-agent"] .totem-edge__line'));
    await page.mouse.move(line.x, line.y + 60);
    await page.mouse.move(line.x, line.y, { steps: 3 });
    await page.getByRole("button", { name: /^Insert a node in the flow edge from Chat Trigger/ }).click();
    const field = page.getByRole("combobox", { name: "Insert a node" });
    await field.waitFor();
    expect(await optionTypes(page)).toEqual(["agent"]);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await field.press("Enter");
    await expect.poll(() => studio.card("agent").count()).toBe(2);
    await expect.poll(() => studio.edges().count()).toBe(4);
    expect(await studio.edge("chat-agent").count()).toBe(0);
    await page.keyboard.press("Control+z");
    await expect.poll(() => studio.card("agent").count()).toBe(1);

    await studio.edge("chat-agent").focus();
    await page.keyboard.press("n");
    await field.waitFor();
    await field.press("Enter");
    await expect.poll(() => studio.card("agent").count()).toBe(2);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("several nodes are aligned, copied, doubled, tidied and deleted together, each taken back by one undo", async () => {
    const { studio, page, complaints, context } = await open("Several");
    await expect.poll(() => studio.edges().count()).toBe(3);
    const places = () =>
      page
        .locator(".react-flow__node")
        .evaluateAll((nodes: HTMLElement[]) =>
          nodes.map((one) => `${one.dataset.id} ${one.style.transform}`),
        );
    const before = await places();
    await studio.node("model").click();
    const settings = studio.settings();
    await settings.getByRole("heading", { name: "AI Model" }).waitFor();
    await studio.node("code").click({ modifiers: ["Control"], position: { x: 30, y: 10 } });
    await settings.getByText("2 parts selected").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await settings.getByRole("button", { name: "Align left" }).click();
    await expect.poll(places).not.toEqual(before);
    await page.keyboard.press("Control+z");
    await expect.poll(places).toEqual(before);

    await page.keyboard.press("Control+d");
    await expect.poll(() => page.locator(".react-flow__node").count()).toBe(6);
    await page.keyboard.press("Control+z");
    await expect.poll(places).toEqual(before);

    await page.keyboard.press("Shift+T");
    await expect.poll(places).not.toEqual(before);
    await page.keyboard.press("Control+z");
    await expect.poll(places).toEqual(before);

    await page.keyboard.press("Control+a");
    await settings.getByText("parts selected").waitFor();
    expect(await selectedIds(page)).toHaveLength(4);
    await page.keyboard.press("Control+c");
    await studio.toast().getByText("4 nodes copied.").waitFor();
    await page.keyboard.press("Control+v");
    await expect.poll(() => page.locator(".react-flow__node").count()).toBe(8);
    await page.keyboard.press("Control+x");
    await expect.poll(() => page.locator(".react-flow__node").count()).toBe(4);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
