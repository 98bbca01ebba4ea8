import { describe, expect, it } from "vitest";
import { fixedClock } from "../support/fixed-clock.ts";
import { desk, look } from "../support/look-at-view.ts";
import { startJourney } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";
import { broken, wholeChain } from "../support/workflows-to-look-at.ts";

// Its clock does not wait: a proof after a run would wait for the next code.
const journey = startJourney({ clock: fixedClock(new Date()) });

const prove = async (studio: StudioPage, verdict: string) => {
  await studio.choose("agent");
  await studio.proveTheChain();
  await studio.proof().getByText(verdict).waitFor();
};

/** Runs in the page: which cards of the path that is proved lie below the canvas's tools or out of it. */
function hiddenCards(): string[] {
  const end = document.querySelector('[data-part="canvas-tools"]')?.getBoundingClientRect().top ?? 0;
  return [...document.querySelectorAll('.totem-card[data-status="done"]')]
    .filter((card) => card.getBoundingClientRect().bottom > end)
    .map((card) => card.textContent ?? "");
}

describe("every view is whole and legible:", () => {
  it("a run, who can read, a proof, the list of runs, and a look back", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(wholeChain, "Runs", {
      viewport: desk,
    });
    await studio.sendMessage("Prove who you are.");
    await studio.runStatus("succeeded").waitFor();
    await look(studio, "a finished run");
    await studio.choose("agent");
    await studio.askWhoCanRead();
    await page.getByText("can read its codes now").waitFor();
    // Dimmed cards are what one is not to look at.
    await look(studio, "who can read", { dimmed: true });
    await page.keyboard.press("Escape");
    await prove(studio, "Proved: ");
    await expect.poll(() => page.evaluate(hiddenCards)).toEqual([]);
    await look(studio, "a proof");
    await page.getByRole("button", { name: "Close the proof" }).click();
    await studio.closeSettings();
    await studio.openRuns();
    await studio.pastRuns().first().waitFor();
    await look(studio, "a list of runs");
    await studio.pastRuns().first().click();
    await studio.stepCard().waitFor();
    await look(studio, "a look back");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("problems, a failed run, a look back at it, and a failed proof", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(broken, "Trouble", {
      viewport: desk,
    });
    await page.getByRole("button", { name: /1 problem/ }).click();
    await page.getByRole("list", { name: "Problems" }).waitFor();
    await look(studio, "problems");
    await page.getByRole("button", { name: /Connect this tool to an agent's Tools diamond/ }).click();
    const settings = studio.settings();
    await settings.getByRole("button", { name: "Delete" }).click();
    await studio.savedMark().waitFor();
    await studio.sendMessage("Go.");
    await studio.conversation().getByText("SCRIPT_INVALID").waitFor();
    await look(studio, "a failed run");
    await prove(studio, "Not proved");
    await look(studio, "a failed proof");
    await studio.openRuns();
    await studio.pastRuns().first().click();
    await page.locator('[data-testid="step-card"][data-tone="bad"]').waitFor();
    await look(studio, "a look back at a failure");
    await studio.node("model").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "What this node saw" }).waitFor();
    await look(studio, "what a node saw");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("a save that came second, and a session that ended", async () => {
    const { studio, page, slug, context, expectComplaint } = await journey.openWorkflow(
      wholeChain,
      "Second",
      { viewport: desk },
    );
    expectComplaint(/409|401/);
    await studio.choose("trigger_chat");
    const { nodes, edges } = wholeChain;
    await journey.server.api("PUT", `/workflows/${slug}`, {
      version: 1,
      nodes: nodes.slice(0, 2),
      edges: edges.slice(0, 1),
    });
    await page.getByLabel("Name on the canvas").fill("Mine");
    await page.getByRole("alert").getByText("This workflow was changed somewhere else.").waitFor();
    await look(studio, "a save that came second");
    await context.clearCookies();
    await page.getByRole("button", { name: "Save mine over it" }).click();
    await page.getByText("Your session has ended.").waitFor();
    await look(studio, "session ended");
    await context.close();
  });
});
