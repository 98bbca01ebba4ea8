import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  edgesOf,
  handleAt,
  openStudio,
  pictureOf,
  savedMark,
  wire,
} from "../support/browser-studio.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";
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

const at = (id: string, type: string, x: number, y: number, config = {}) => ({
  ...node(id, type, config),
  position: { x, y },
});

const twoAgents = {
  nodes: [
    at("chat", "trigger_chat", 0, 0),
    at("first", "agent", 300, 0),
    at("second", "agent", 700, 0),
    at("model", "ai_model", 0, 260, { steps: [{ say: "Done." }] }),
    at("spare", "ai_model", 260, 260, { steps: [{ say: "Done." }] }),
    at("code", "get_totp_code", 560, 260),
  ],
  edges: [modelEdge("model", "first"), flowEdge("first", "second"), toolEdge("code", "second")],
};

describe("wrong connections", () => {
  it.each([
    ["a tool to Model", "code", "sub-source", "first", "model", "A tool goes to an agent's Tools diamond."],
    [
      "a model to Tools",
      "spare",
      "sub-source",
      "first",
      "tools",
      "A model goes to an agent's Model diamond.",
    ],
    ["the flow to Tools", "chat", "out", "first", "tools", "Only tools go to the Tools diamond."],
    ["a second model", "spare", "sub-source", "first", "model", "Model takes only 1."],
    ["the same wire twice", "code", "sub-source", "second", "tools", "These two are already connected."],
    ["a circle", "second", "out", "first", "in", "This would make the flow run in a circle."],
  ])("refuses %s, saying why while the wire is dragged and after it is dropped", async (...wrong) => {
    const [title, from, fromHandle, to, toHandle, reason] = wrong;
    const slug = await server.addWorkflow(twoAgents, title);
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await expect.poll(() => edgesOf(page).count()).toBe(3);

    const target = handleAt(page, to, toHandle);
    await wire(page, handleAt(page, from, fromHandle), target, async () => {
      await page.locator('[data-part="connection-hint"]').getByText(reason).waitFor();
      expect(await target.getAttribute("class")).toContain("connectingto");
      expect(await target.getAttribute("class")).not.toMatch(/\bvalid\b/);
    });
    await page.locator('[data-part="toast"]').getByText(reason).waitFor();
    expect(await edgesOf(page).count()).toBe(3);
    expect((await server.api("GET", `/workflows/${slug}`)).body.version).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("deleting", () => {
  it("takes a node and its edges back by the message, by Ctrl+Z, and away again by Ctrl+Shift+Z", async () => {
    const slug = await server.addWorkflow(twoAgents, "Delete and undo");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await expect.poll(() => edgesOf(page).count()).toBe(3);
    const before = await pictureOf(page);

    await page.locator('.react-flow__node[data-id="second"]').click();
    await page.keyboard.press("Delete");
    await expect.poll(() => edgesOf(page).count()).toBe(1);
    await page.locator('[data-part="toast"]').getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => pictureOf(page)).toEqual(before);

    await page.locator('.react-flow__node[data-id="second"]').click();
    await page
      .getByRole("complementary", { name: "Settings" })
      .getByRole("button", { name: "Delete" })
      .click();
    await expect.poll(() => edgesOf(page).count()).toBe(1);
    await page.keyboard.press("Control+z");
    await expect.poll(() => pictureOf(page)).toEqual(before);
    await page.keyboard.press("Control+Shift+Z");
    await expect.poll(() => edgesOf(page).count()).toBe(1);
    await page.keyboard.press("Control+z");

    // An edge alone, without a mouse.
    await page.locator('.react-flow__edge[data-id="model-first"]').focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Backspace");
    await expect.poll(() => edgesOf(page).count()).toBe(2);
    await page.keyboard.press("Control+z");
    await expect.poll(() => pictureOf(page)).toEqual(before);

    await savedMark(page).waitFor();
    await page.reload();
    await expect.poll(() => pictureOf(page)).toEqual(before);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("brings a deleted workflow back", async () => {
    const slug = await server.addWorkflow(twoAgents, "Delete me");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await page.getByRole("button", { name: /^Workflow: Delete me/ }).click();
    await page.getByRole("button", { name: "Delete this workflow" }).click();
    await page.locator('[data-part="toast"]').getByText("“Delete me” is deleted.").waitFor();
    await expect.poll(() => new URL(page.url()).pathname).not.toBe(`/w/${slug}`);
    expect((await server.api("GET", `/workflows/${slug}`)).status).toBe(404);

    await page.locator('[data-part="toast"]').getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/w/${slug}`);
    await expect.poll(() => edgesOf(page).count()).toBe(3);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("two people on one workflow", () => {
  it("tells the second writer, loads what is saved on request, and keeps the other work one undo away", async () => {
    const slug = await server.addWorkflow(twoAgents, "Two tabs");
    const one = await openStudio(browser, server, `/w/${slug}`);
    const two = await openStudio(browser, server, `/w/${slug}`);
    two.expectComplaint(/409/);
    await expect.poll(() => edgesOf(two.page).count()).toBe(3);

    await one.page.locator('.react-flow__node[data-id="code"]').click();
    await one.page.keyboard.press("Delete");
    await expect.poll(async () => (await server.api("GET", `/workflows/${slug}`)).body.version).toBe(2);

    await two.page.locator('.react-flow__node[data-id="spare"]').click();
    await two.page.keyboard.press("Delete");
    const banner = two.page.getByRole("alert").filter({ hasText: "changed somewhere else" });
    await banner.waitFor();
    expect((await server.api("GET", `/workflows/${slug}`)).body.version).toBe(2);

    await banner.getByRole("button", { name: "Load saved version" }).click();
    await banner.waitFor({ state: "detached" });
    expect(await cardOf(two.page, "get_totp_code").count()).toBe(0);
    expect(await cardOf(two.page, "ai_model").count()).toBe(2);
    await two.page.keyboard.press("Control+z");
    await expect.poll(() => cardOf(two.page, "ai_model").count()).toBe(1);
    await expect.poll(async () => (await server.api("GET", `/workflows/${slug}`)).body.version).toBe(3);

    for (const { complaints, context } of [one, two]) {
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  it("says that the server is gone, and saves when it is back", async () => {
    const slug = await server.addWorkflow(twoAgents, "Server away");
    const { page, context, expectComplaint } = await openStudio(browser, server, `/w/${slug}`);
    await expect.poll(() => edgesOf(page).count()).toBe(3);
    expectComplaint(/ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
    await page.route("**/api/v1/workflows/**", (route) => route.abort());
    await page.locator('.react-flow__node[data-id="spare"]').click();
    await page.keyboard.press("Delete");
    await page.getByText("Not saved: server not reached").waitFor();
    await page.unroute("**/api/v1/workflows/**");
    await savedMark(page).waitFor();
    expect((await server.api("GET", `/workflows/${slug}`)).body.nodes).toHaveLength(5);
    await context.close();
  });
});
