import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { agentWorkflow, nodeAt, placed } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

const positions: Record<string, [number, number]> = {
  chat: [0, 0],
  agent: [300, 0],
  model: [120, 220],
  create: [360, 220],
  code: [600, 220],
  verify: [840, 220],
  whoami: [600, 0],
  platform: [840, 0],
};

const withNotes = (...notes: ReturnType<typeof nodeAt>[]) => {
  const { nodes, edges } = agentWorkflow();
  return { nodes: [...placed(nodes, positions), ...notes], edges };
};

const textOf = (page: Page, id: string) =>
  page.locator(`.react-flow__node[data-id="${id}"] .totem-note__text`);

describe("sticky notes", () => {
  it("are written on in place, kept, and left alone by a run", async () => {
    const long = `${"A long line of words that has to be wrapped. ".repeat(8)}\n`.repeat(6);
    const { studio, page, complaints, context } = await journey.openWorkflow(
      withNotes(
        nodeAt([0, 420], "empty", "sticky_note"),
        nodeAt([300, 380], "long", "sticky_note", { text: long, color: "blue" }),
        nodeAt([560, 420], "green", "sticky_note", { text: "Short", color: "green" }),
        nodeAt([820, 420], "pink", "sticky_note", { color: "pink" }),
      ),
      "Notes",
    );
    await studio.card("sticky_note").first().waitFor();
    expect(await textOf(page, "empty").textContent()).toBe("Write something");
    expect(await page.getByRole("button", { name: /problem/ }).count()).toBe(0);
    // Long text scrolls within the note, and by keyboard too.
    const size = await page
      .locator('.react-flow__node[data-id="long"] .totem-note')
      .evaluate((card: HTMLElement) => card.offsetHeight);
    expect(size).toBe(240);
    expect(await textOf(page, "long").getAttribute("tabindex")).toBe("0");
    expect(await textOf(page, "green").getAttribute("tabindex")).toBeNull();

    await textOf(page, "empty").dblclick();
    const area = page.getByLabel("Text of the note");
    await area.fill("Ask Ada before\nchanging this.");
    await area.press("Escape");
    await area.waitFor({ state: "detached" });
    expect(await textOf(page, "empty").textContent()).toBe("Ask Ada before\nchanging this.");
    expect(await studio.focusedAttribute("data-id")).toBe("empty");
    await studio.savedMark().waitFor();
    await studio.closeSettings();
    expect(await studio.seriousAxeProblems()).toEqual([]);

    await studio.sendMessage("Go.");
    await studio.runStatus("succeeded").waitFor();
    expect(await page.locator(".totem-note[data-status], .totem-note .totem-badge").count()).toBe(0);

    await page.reload();
    await textOf(page, "empty").getByText("Ask Ada before").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
