import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { flowEdge, modelEdge, node, nodeAt } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";

/** A model server that takes a question and never answers. */
const silent = createServer(() => {});
await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

const silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;

const journey = startJourney({ settings: { TOTEM_MODEL_URLS: silentUrl } });

const withModel = (config: Record<string, unknown>, trigger = "trigger_chat") => ({
  nodes: [
    node("start", trigger),
    nodeAt([320, 0], "agent", "agent"),
    nodeAt([200, 240], "model", "ai_model", config as never),
  ],
  edges: [flowEdge("start", "agent"), modelEdge("model")],
});

describe("settings", () => {
  it("are saved by themselves, and a typed passage is undone as one", async () => {
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(
      withModel({ steps: [{ say: "Hi." }] }),
      "Settings",
    );
    await studio.card("agent").click();
    await page.getByLabel("Instructions").pressSequentially("Be brief.");
    await page.getByLabel("Name on the canvas").fill("Researcher");
    await studio.savedMark().waitFor();
    await expect
      .poll(async () => (await journey.server.api("GET", `/workflows/${slug}`)).body.nodes[1].data)
      .toEqual({ label: "Researcher", config: { system_prompt: "Be brief." } });

    await page.reload();
    await studio.card("agent").getByText("Researcher").waitFor();
    await studio.card("agent").click();
    expect(await page.getByLabel("Instructions").inputValue()).toBe("Be brief.");
    await page.getByLabel("Instructions").pressSequentially(" And kind.");
    await page.keyboard.press("Escape");
    await page
      .getByTestId("canvas")
      .locator(".react-flow__pane")
      .click({ position: { x: 20, y: 20 } });
    await page.keyboard.press("Control+z");
    await studio.card("agent").click();
    expect(await page.getByLabel("Instructions").inputValue()).toBe("Be brief.");

    await page.getByLabel("Most steps").fill("999");
    await page.getByRole("button", { name: /1 problem/ }).waitFor();
    expect(await page.getByLabel("Most steps").getAttribute("aria-invalid")).toBe("true");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("store a model key without ever showing it again", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(
      withModel({ steps: [{ say: "Hi." }] }),
      "Model key",
    );
    const heard = studio.answersFromNow();
    await studio.card("ai_model").click();
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
    await studio.savedMark().waitFor();
    await studio.card("ai_model").getByText("openai · some-model").waitFor();
    await page.reload();
    await studio.card("ai_model").click();
    await expect.poll(() => page.getByLabel("Key", { exact: true }).inputValue()).toBe("Team key");
    expect(`${await page.content()}${await heard()}`).not.toContain("canary");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("runs", () => {
  it("start at a button where the trigger is one, and end when they are cancelled", async () => {
    const config = { provider: "openai-compatible", model: "silent", base_url: silentUrl };
    const { studio, page, complaints, context } = await journey.openWorkflow(
      withModel(config, "trigger_manual"),
      "Cancel me",
    );
    await studio.card("agent").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await studio.runStatus("running").waitFor();
    await expect.poll(() => studio.card("ai_model").getAttribute("data-status")).toBe("running");
    await expect
      .poll(() => page.locator('.totem-edge[data-edge-kind="llm"]').getAttribute("data-status"))
      .toBe("running");

    // Whoever opens the page in mid-run sees the same, and can stop it.
    await page.reload();
    await expect.poll(() => studio.card("ai_model").getAttribute("data-status")).toBe("running");
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await studio.runStatus("cancelled").waitFor();
    await expect.poll(() => studio.card("ai_model").getAttribute("data-status")).toBe("cancelled");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("without a mouse", () => {
  it("adds a node with Enter, moves it by arrow keys, and finds it there after a reload", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(
      withModel({ steps: [{ say: "Hi." }] }),
      "By keys",
    );
    await expect.poll(() => studio.edges().count()).toBe(2);
    await page.getByRole("searchbox", { name: "Search nodes" }).fill("who am");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await studio.card("whoami").waitFor();
    const placed = studio.nodeOfType("whoami");
    const before = await placed.evaluate((element) => element.style.transform);
    await placed.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => placed.evaluate((element) => element.style.transform)).not.toBe(before);
    const after = await placed.evaluate((element) => element.style.transform);
    await studio.savedMark().waitFor();
    await page.reload();
    await expect.poll(() => placed.evaluate((element) => element.style.transform)).toBe(after);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
