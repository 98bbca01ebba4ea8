import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { buildStudio, openStudio, runStatus, savedMark, sendMessage } from "../support/browser-studio.ts";
import { fixedClock } from "../support/fixed-clock.ts";
import { choose, closeSettings, desk, look } from "../support/look-at-view.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";
import { broken, wholeChain } from "../support/workflows-to-look-at.ts";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  await buildStudio();
  // Its clock does not wait: a proof after a run would wait for the next code.
  [server, browser] = await Promise.all([
    startTestServer({ clock: fixedClock(new Date()) }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const prove = async (page: Page, verdict: string) => {
  await choose(page, "agent");
  await page.getByRole("button", { name: "Prove the chain" }).click();
  await page.getByTestId("proof").getByText(verdict).waitFor();
};

/** Runs in the page: which cards of the path that is proved lie below the canvas's tools or out of it. */
function hiddenCards(): string[] {
  const end = document.querySelector('[data-part="canvas-tools"]')?.getBoundingClientRect().top ?? 0;
  return [...document.querySelectorAll('.totem-card[data-status="done"]')]
    .filter((card) => card.getBoundingClientRect().bottom > end)
    .map((card) => card.textContent ?? "");
}

describe("every view is whole and legible:", () => {
  const open = async (title: string, workflow: Parameters<TestServer["addWorkflow"]>[0]) => {
    const slug = await server.addWorkflow(workflow, title);
    return {
      slug,
      ...(await openStudio(browser, server, `/w/${slug}`, { viewport: desk })),
    };
  };

  it("a run, who can read, a proof, the list of runs, and a look back", async () => {
    const { page, complaints, context } = await open("Runs", wholeChain);
    await sendMessage(page, "Prove who you are.");
    await runStatus(page, "succeeded").waitFor();
    await look(page, "a finished run");
    await choose(page, "agent");
    await page.getByRole("button", { name: "Who can read this?" }).click();
    await page.getByText("can read its codes now").waitFor();
    // Dimmed cards are what one is not to look at.
    await look(page, "who can read", { dimmed: true });
    await page.keyboard.press("Escape");
    await prove(page, "Proved: ");
    await expect.poll(() => page.evaluate(hiddenCards)).toEqual([]);
    await look(page, "a proof");
    await page.getByRole("button", { name: "Close the proof" }).click();
    await closeSettings(page);
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByTitle("Look back at this run").first().waitFor();
    await look(page, "a list of runs");
    await page.getByTitle("Look back at this run").first().click();
    await page.getByTestId("step-card").waitFor();
    await look(page, "a look back");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("problems, a failed run, a look back at it, and a failed proof", async () => {
    const { page, complaints, context } = await open("Trouble", broken);
    await page.getByRole("button", { name: /1 problem/ }).click();
    await page.getByRole("list", { name: "Problems" }).waitFor();
    await look(page, "problems");
    await page.getByRole("button", { name: /Connect this tool to an agent's Tools diamond/ }).click();
    const settings = page.getByRole("complementary", { name: "Settings" });
    await settings.getByRole("button", { name: "Delete" }).click();
    await savedMark(page).waitFor();
    await sendMessage(page, "Go.");
    await page.getByRole("log").getByText("SCRIPT_INVALID").waitFor();
    await look(page, "a failed run");
    await prove(page, "Not proved");
    await look(page, "a failed proof");
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByTitle("Look back at this run").first().click();
    await page.locator('[data-testid="step-card"][data-tone="bad"]').waitFor();
    await look(page, "a look back at a failure");
    await page.locator('.react-flow__node[data-id="model"]').focus();
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "What this node saw" }).waitFor();
    await look(page, "what a node saw");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("a save that came second, and a session that ended", async () => {
    const { page, slug, context, expectComplaint } = await open("Second", wholeChain);
    expectComplaint(/409|401/);
    await choose(page, "trigger_chat");
    const { nodes, edges } = wholeChain;
    await server.api("PUT", `/workflows/${slug}`, {
      version: 1,
      nodes: nodes.slice(0, 2),
      edges: edges.slice(0, 1),
    });
    await page.getByLabel("Name on the canvas").fill("Mine");
    await page.getByRole("alert").getByText("This workflow was changed somewhere else.").waitFor();
    await look(page, "a save that came second");
    await context.clearCookies();
    await page.getByRole("button", { name: "Save mine over it" }).click();
    await page.getByText("Your session has ended.").waitFor();
    await look(page, "session ended");
    await context.close();
  });
});
