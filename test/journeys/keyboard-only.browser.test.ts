import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { startJourney } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";

const journey = startJourney();

/** What has the focus, in a word or two, and whether one can see that it has. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof Element) || element === document.body) return { name: "", visible: true };
    const marks = [element, ...element.querySelectorAll(".totem-card, .totem-note, .totem-edge__line")];
    const visible = marks.some((mark) => {
      const { outlineStyle, outlineWidth, boxShadow, strokeWidth } = getComputedStyle(mark);
      const outlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
      const thick = mark.matches(".totem-edge__line") && Number.parseFloat(strokeWidth) >= 3;
      return outlined || thick || (boxShadow !== "none" && !mark.matches(".totem-card"));
    });
    const name =
      element.getAttribute("aria-label") ??
      (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
        ? (element.labels?.[0]?.textContent ?? "")
        : (element.textContent ?? ""));
    return { name: name.trim(), visible };
  });

/** Goes on by Tab until the focus is where it should be. Every stop on the way must be seen to have it. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < 90; stop++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    expect(now.visible, `the focus on “${now.name}” can be seen`).toBe(true);
    if (name.test(now.name)) return;
    seen.push(now.name);
  }
  throw new Error(`Tab does not come to ${name}. It came to: ${seen.join(" | ")}`);
}

const heard = (page: Page, text: string | RegExp) =>
  page.locator('[role="status"], [aria-live]').getByText(text).first().waitFor({ state: "attached" });

interface Added {
  readonly type: string;
  readonly label: string;
}

async function findAndAdd(studio: StudioPage, words: string, { type, label }: Added): Promise<void> {
  const { page } = studio;
  await page.keyboard.press("n");
  await page.getByRole("combobox", { name: "Add a node" }).waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await studio.card(type).waitFor();
  await heard(page, `${label} added.`);
}

async function connectByKey(page: Page, from: RegExp, said: string): Promise<void> {
  await tabTo(page, from);
  await page.keyboard.press("c");
  await page.getByRole("combobox", { name: /^Connect / }).waitFor();
  await page.keyboard.press("Enter");
  await heard(page, `Connected: ${said}.`);
}

it.each(["light", "dark"] as const)(
  "comes from an empty canvas to a finished run without a mouse, each step seen and said, in %s",
  async (colorScheme) => {
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(
      { nodes: [], edges: [] },
      `Only keys ${colorScheme}`,
      { colorScheme },
    );
    await page.getByText("Build an agent with an identity").waitFor();

    await findAndAdd(studio, "chat", { type: "trigger_chat", label: "Chat Trigger" });
    await findAndAdd(studio, "agent answers", { type: "agent", label: "Agent" });
    await findAndAdd(studio, "model", { type: "ai_model", label: "AI Model" });
    await findAndAdd(studio, "who am i", { type: "whoami", label: "Who Am I" });

    // Choose and move: React Flow says where to.
    await page.keyboard.press("Escape");
    await tabTo(page, /^Who Am I, tool/);
    await page.keyboard.press("Enter");
    await studio.settings().waitFor();
    await page.keyboard.press("ArrowDown");
    await heard(page, /moved selected node down/i);
    await page.keyboard.press("Escape");

    await connectByKey(page, /^Who Am I, tool/, "Who Am I → Agent, Tools");
    await connectByKey(page, /^AI Model, model/, "AI Model → Agent, Model");
    await connectByKey(page, /^Chat Trigger, trigger/, "Chat Trigger → Agent, Input");
    await expect.poll(() => studio.edges().count()).toBe(3);
    await page.keyboard.press("Control+z");
    await heard(page, "Undone. 1 edge removed.");
    await page.keyboard.press("Control+Shift+Z");
    await heard(page, "Redone. 1 edge added.");

    // Configure.
    await tabTo(page, /^Agent, agent/);
    await page.keyboard.press("Enter");
    await studio.settings().waitFor();
    await tabTo(page, /^Instructions/);
    await page.keyboard.type("Say who you are.");
    await expect
      .poll(async () => JSON.stringify((await journey.server.api("GET", `/workflows/${slug}`)).body.nodes))
      .toContain("Say who you are.");
    await studio.savedMark().waitFor();

    // Run, and read the result.
    await tabTo(page, /^Message/);
    await page.keyboard.type("Who are you?");
    await page.keyboard.press("Enter");
    await studio.runStatus("succeeded").waitFor();
    await heard(page, "Done");
    const [answer] = await studio.conversation().locator('[data-line="agent"]').allTextContents();
    expect(answer?.length).toBeGreaterThan(10);
    await tabTo(page, /Conversation|Agent:/);
    expect(complaints).toEqual([]);
    await context.close();
  },
);
