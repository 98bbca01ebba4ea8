import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  dragFromPalette,
  edgesOf,
  handleOf,
  nodeIdOf,
  openStudio,
  pictureOf,
  runStatus,
  savedMark,
  sendMessage,
  wire,
} from "../support/browser-studio.ts";
import { node } from "../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";
import { withoutRandom } from "../support/without-random.ts";

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

/** Everything the server told this page, to be searched for what it must not tell. */
function listen(page: Page): () => Promise<string> {
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    const type = response.headers()["content-type"] ?? "";
    if (type.includes("json")) bodies.push(response.text().catch(() => ""));
  });
  return async () => (await Promise.all(bodies)).join("\n");
}

describe("the canvas, by hand", () => {
  it("builds an agent with an identity from an empty canvas, runs it, and is the same after a reload", async () => {
    const { page, complaints, context } = await openStudio(browser, server);
    const heard = listen(page);

    await page.getByRole("button", { name: /^Workflow:/ }).click();
    await page.getByRole("button", { name: "New workflow…" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Built by hand");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByText("Build an agent with an identity").waitFor();
    expect(new URL(page.url()).pathname).toBe("/w/built-by-hand");

    await dragFromPalette(page, "trigger_chat", { x: 140, y: 90 });
    await dragFromPalette(page, "agent", { x: 460, y: 100 });
    await dragFromPalette(page, "ai_model", { x: 180, y: 330 });
    await dragFromPalette(page, "create_agent_user", { x: 460, y: 330 });
    await dragFromPalette(page, "get_totp_code", { x: 720, y: 330 });

    await wire(
      page,
      handleOf(page, "trigger_chat", "flow", "source"),
      handleOf(page, "agent", "flow", "target"),
    );
    await wire(page, handleOf(page, "ai_model", "llm", "source"), handleOf(page, "agent", "llm", "target"));
    await wire(
      page,
      handleOf(page, "create_agent_user", "tool", "source"),
      handleOf(page, "agent", "tool", "target"),
    );
    // A wire may be drawn from either of its ends.
    await wire(
      page,
      handleOf(page, "agent", "tool", "target"),
      handleOf(page, "get_totp_code", "tool", "source"),
    );
    await expect.poll(() => edgesOf(page).count()).toBe(4);

    await cardOf(page, "ai_model").click();
    await page.getByRole("button", { name: "Tool call" }).click();
    await page.getByRole("button", { name: "Tool call" }).click();
    await page.getByRole("button", { name: "Sentence" }).click();
    expect(await page.getByLabel("Step 1: tool").inputValue()).toBe("create_agent_user");
    expect(await page.getByLabel("Step 2: tool").inputValue()).toBe("get_totp_code");
    await page.getByLabel("Step 1: arguments as JSON").fill('{ "purpose": "Built by hand" }');
    await page.getByLabel("Step 3: sentence").fill("I am {{create_agent_user.username}}.");
    await savedMark(page).waitFor();
    await page.getByRole("button", { name: "Close settings" }).click();

    await sendMessage(page, "Who are you?");
    await runStatus(page, "succeeded").waitFor();

    const agentId = await nodeIdOf(page, "agent");
    expect(agentId).toMatch(/^agent_[0-9a-z]{8}$/);
    const conversation = page.getByRole("log", { name: "Conversation" });
    await conversation.getByText(`I am agent_built-by-hand_${agentId}.`).waitFor();
    const codeLine = conversation.locator('[data-tool="get_totp_code"]');
    expect(await codeLine.textContent()).toContain(`username agent_built-by-hand_${agentId}`);
    expect(await codeLine.textContent()).toMatch(/totp_code •+/);

    await cardOf(page, "get_totp_code").click();
    const seen = page.getByRole("complementary", { name: "Settings" }).getByLabel("Out");
    expect(await seen.textContent()).toMatch(/totp_code•+/);
    await page.getByRole("button", { name: "Close settings" }).click();

    // Nowhere in the page or in what the server sent to it: a code, or a key.
    for (const text of [await page.content(), await heard()]) {
      expect(withoutRandom(text)).not.toMatch(/totp_code\W{1,12}\d{6}/);
      expect(text).not.toMatch(/totem_[A-Za-z0-9_-]{16,}/);
    }

    const before = await pictureOf(page);
    expect(before.nodes.filter((node) => node.endsWith("done"))).toHaveLength(5);
    expect(before.edges.every((edge) => edge.endsWith("done"))).toBe(true);
    expect(before.diamonds).toHaveLength(5);

    await page.reload();
    await runStatus(page, "succeeded").waitFor();
    await expect.poll(() => pictureOf(page)).toEqual(before);
    await conversation.getByText(`I am agent_built-by-hand_${agentId}.`).waitFor();

    expect(complaints).toEqual([]);
    await context.close();
  });

  it("runs the starter workflow to a verified code while its nodes light up", async () => {
    const { page, complaints, context } = await openStudio(browser, server, "/w/prove-who-you-are");
    await cardOf(page, "agent").waitFor();
    // Collected as they happen: a light that goes on for a moment would be missed by looking.
    await page.evaluate(() => {
      const seen = new Set<string>();
      (window as unknown as { seen: Set<string> }).seen = seen;
      new MutationObserver((changes) => {
        for (const { target } of changes)
          if (target instanceof HTMLElement && target.dataset.status)
            seen.add(`${target.dataset.nodeType} ${target.dataset.status}`);
      }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-status"] });
    });
    await sendMessage(page, "Prove who you are.");
    await runStatus(page, "succeeded").waitFor();

    const conversation = page.getByRole("log", { name: "Conversation" });
    await conversation.getByText("my code was verified").waitFor();
    expect(await conversation.locator('[data-tool="verify_totp_code"]').textContent()).toContain(
      "valid true",
    );
    for (const type of [
      "trigger_chat",
      "agent",
      "ai_model",
      "create_agent_user",
      "get_totp_code",
      "verify_totp_code",
    ])
      expect(await cardOf(page, type).getAttribute("data-status"), type).toBe("done");
    const seen = await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
    expect(seen).toEqual(expect.arrayContaining(["get_totp_code done", "agent running"]));

    await cardOf(page, "agent").click();
    const identity = page.getByRole("region", { name: "Identity" });
    await identity.getByText("Active").waitFor();
    expect(await identity.textContent()).toContain("agent_prove-who-you-are_");
    await identity.getByRole("button", { name: "Disable account" }).click();
    await identity.getByText("Disabled by an administrator.").waitFor();
    await identity.getByRole("button", { name: "Enable account" }).click();
    await identity.getByText("Active").waitFor();

    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the canvas from afar", () => {
  it("draws cards as blocks when their text is too small to read, and whole again when one comes nearer", async () => {
    const slug = await server.addWorkflow(
      { nodes: [{ ...node("agent", "agent"), position: { x: 0, y: 0 } }], edges: [] },
      "From afar",
    );
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    const label = cardOf(page, "agent").locator(".totem-card__label");
    await label.waitFor();
    for (let step = 0; step < 8; step++) await page.getByRole("button", { name: "Zoom out" }).click();
    await label.waitFor({ state: "hidden" });
    for (let step = 0; step < 4; step++) await page.getByRole("button", { name: "Zoom in" }).click();
    await label.waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
