import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  openStudio,
  runStatus,
  savedMark,
  sendMessage,
  seriousAxeProblems,
} from "../support/browser-studio.ts";
import { agentWorkflow, node } from "../support/build-workflow.ts";
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

const places: Record<string, [number, number]> = {
  chat: [0, 0],
  agent: [300, 0],
  model: [120, 220],
  create: [360, 220],
  code: [600, 220],
  verify: [840, 220],
  whoami: [600, 0],
  platform: [840, 0],
};

const withNotes = (...notes: ReturnType<typeof node>[]) => {
  const { nodes, edges } = agentWorkflow();
  const placed = nodes.map((one) => {
    const [x, y] = places[one.id] ?? [0, 0];
    return { ...one, position: { x, y } };
  });
  return { nodes: [...placed, ...notes], edges };
};

const textOf = (page: Page, id: string) =>
  page.locator(`.react-flow__node[data-id="${id}"] .totem-note__text`);

describe("sticky notes", () => {
  it("are written on in place, kept, and left alone by a run", async () => {
    const long = `${"A long line of words that has to be wrapped. ".repeat(8)}\n`.repeat(6);
    const slug = await server.addWorkflow(
      withNotes(
        { ...node("empty", "sticky_note"), position: { x: 0, y: 420 } },
        { ...node("long", "sticky_note", { text: long, color: "blue" }), position: { x: 300, y: 380 } },
        { ...node("green", "sticky_note", { text: "Short", color: "green" }), position: { x: 560, y: 420 } },
        { ...node("pink", "sticky_note", { color: "pink" }), position: { x: 820, y: 420 } },
      ),
      "Notes",
    );
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
    await cardOf(page, "sticky_note").first().waitFor();
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
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-id"))).toBe("empty");
    await savedMark(page).waitFor();
    await page.getByRole("button", { name: "Close settings" }).click();
    expect(await seriousAxeProblems(page)).toEqual([]);

    await sendMessage(page, "Go.");
    await runStatus(page, "succeeded").waitFor();
    expect(await page.locator(".totem-note[data-status], .totem-note .totem-badge").count()).toBe(0);

    await page.reload();
    await textOf(page, "empty").getByText("Ask Ada before").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
