import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  edgesOf,
  nodeIdOf,
  openStudio,
  runStatus,
  savedMark,
} from "../support/browser-studio.ts";
import { flowEdge, modelEdge, node } from "../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
let browser: Browser;
/** A model server that takes a question and never answers. */
let silent: Server;

beforeAll(async () => {
  await buildStudio();
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  silent.closeAllConnections();
  silent.close();
});

const silentUrl = () => `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;

const withModel = (config: Record<string, unknown>, trigger = "trigger_chat") => ({
  nodes: [
    node("start", trigger),
    { ...node("agent", "agent"), position: { x: 320, y: 0 } },
    { ...node("model", "ai_model", config as never), position: { x: 200, y: 240 } },
  ],
  edges: [flowEdge("start", "agent"), modelEdge("model")],
});

describe("settings", () => {
  it("are saved by themselves, and a typed passage is undone as one", async () => {
    const slug = await server.addWorkflow(withModel({ steps: [{ say: "Hi." }] }), "Settings");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await cardOf(page, "agent").click();
    await page.getByLabel("Instructions").pressSequentially("Be brief.");
    await page.getByLabel("Name on the canvas").fill("Researcher");
    await savedMark(page).waitFor();
    await expect
      .poll(async () => (await server.api("GET", `/workflows/${slug}`)).body.nodes[1].data)
      .toEqual({ label: "Researcher", config: { system_prompt: "Be brief." } });

    await page.reload();
    await cardOf(page, "agent").getByText("Researcher").waitFor();
    await cardOf(page, "agent").click();
    expect(await page.getByLabel("Instructions").inputValue()).toBe("Be brief.");
    await page.getByLabel("Instructions").pressSequentially(" And kind.");
    await page.keyboard.press("Escape");
    await page
      .getByTestId("canvas")
      .locator(".react-flow__pane")
      .click({ position: { x: 20, y: 20 } });
    await page.keyboard.press("Control+z");
    await cardOf(page, "agent").click();
    expect(await page.getByLabel("Instructions").inputValue()).toBe("Be brief.");

    await page.getByLabel("Most steps").fill("999");
    await page.getByRole("button", { name: /1 problem/ }).waitFor();
    expect(await page.getByLabel("Most steps").getAttribute("aria-invalid")).toBe("true");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("store a model key without ever showing it again", async () => {
    const slug = await server.addWorkflow(withModel({ steps: [{ say: "Hi." }] }), "Model key");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    const answers: string[] = [];
    page.on("response", async (response) => void answers.push(await response.text().catch(() => "")));
    await cardOf(page, "ai_model").click();
    await page.getByLabel("Provider").selectOption("openai");
    await page.getByLabel("Model", { exact: true }).fill("some-model");
    await page.getByRole("button", { name: "Add key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Store key" }).click();
    await dialog.getByText("Paste the key.").waitFor();
    await dialog.getByLabel("Name").fill("Team key");
    await dialog.getByLabel("Key", { exact: true }).fill("sk-planted-canary-0123456789");
    await dialog.getByRole("button", { name: "Store key" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => page.getByLabel("Key", { exact: true }).inputValue()).toBe("Team key");
    await savedMark(page).waitFor();
    await cardOf(page, "ai_model").getByText("openai · some-model").waitFor();
    await page.reload();
    await cardOf(page, "ai_model").click();
    await expect.poll(() => page.getByLabel("Key", { exact: true }).inputValue()).toBe("Team key");
    expect(`${await page.content()}${answers.join()}`).not.toContain("canary");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("runs", () => {
  it("start at a button where the trigger is one, and end when they are cancelled", async () => {
    const config = { provider: "openai-compatible", model: "silent", base_url: silentUrl() };
    const slug = await server.addWorkflow(withModel(config, "trigger_manual"), "Cancel me");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await cardOf(page, "agent").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await runStatus(page, "running").waitFor();
    await expect.poll(() => cardOf(page, "ai_model").getAttribute("data-status")).toBe("running");
    await expect
      .poll(() => page.locator('.totem-edge[data-edge-kind="llm"]').getAttribute("data-status"))
      .toBe("running");

    // Whoever opens the page in mid-run sees the same, and can stop it.
    await page.reload();
    await expect.poll(() => cardOf(page, "ai_model").getAttribute("data-status")).toBe("running");
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await runStatus(page, "cancelled").waitFor();
    await expect.poll(() => cardOf(page, "ai_model").getAttribute("data-status")).toBe("cancelled");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("without a mouse", () => {
  it("adds a node with Enter, moves it by arrow keys, and finds it there after a reload", async () => {
    const slug = await server.addWorkflow(withModel({ steps: [{ say: "Hi." }] }), "By keys");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await expect.poll(() => edgesOf(page).count()).toBe(2);
    await page.getByRole("searchbox", { name: "Search nodes" }).fill("who am");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await cardOf(page, "whoami").waitFor();
    const id = await nodeIdOf(page, "whoami");
    const placed = page.locator(`.react-flow__node[data-id="${id}"]`);
    const before = await placed.evaluate((element) => element.style.transform);
    await placed.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => placed.evaluate((element) => element.style.transform)).not.toBe(before);
    const after = await placed.evaluate((element) => element.style.transform);
    await savedMark(page).waitFor();
    await page.reload();
    await expect.poll(() => placed.evaluate((element) => element.style.transform)).toBe(after);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
