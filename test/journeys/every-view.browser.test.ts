import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../plugin/catalogue.ts";
import { desk, look } from "../support/look-at-view.ts";
import { startJourney } from "../support/start-journey.ts";
import { everyPart, wholeChain } from "../support/workflows-to-look-at.ts";

const journey = startJourney();

const given = JSON.stringify({ totem: "workflow", version: 1, name: "Given", ...wholeChain });
const dialog = (page: Page) => page.getByRole("dialog");
/** Out of the page, not only out of sight: until then a key belongs to it. */
const gone = (page: Page) => page.locator('dialog, [data-part="quick-add"]').waitFor({ state: "detached" });

describe("every view is whole and legible:", () => {
  const options = { viewport: desk };

  it("the way in, an empty canvas, no runs, and nothing at an address", async () => {
    const stranger = await journey.visit(options);
    await stranger.page.goto(journey.server.url);
    await stranger.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await look(stranger.studio, "sign in");
    await stranger.context.close();

    const { studio, page, context, expectComplaint } = await journey.openWorkflow(
      { nodes: [], edges: [] },
      "Empty",
      options,
    );
    await page.getByText("Build an agent with an identity").waitFor();
    await look(studio, "empty canvas");
    await studio.openRuns();
    await page.getByText("No runs yet.").waitFor();
    await look(studio, "no runs");
    expectComplaint(/404/);
    await page.goto(`${journey.server.url}/w/no-such-workflow`);
    await page.getByRole("heading", { name: "There is no such workflow" }).waitFor();
    await look(studio, "no such workflow");
    await context.close();
  });

  it("the editor, the settings of every node there is, an edge, and several at once", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(everyPart, "Parts", options);
    await expect.poll(() => studio.edges().count()).toBe(everyPart.edges.length);
    await look(studio, "editor");
    for (const { type } of catalogue) {
      await studio.choose(type);
      await look(studio, `settings of ${type}`);
      await studio.closeSettings();
    }
    await studio.edge("verify-agent").focus();
    await page.keyboard.press("Enter");
    await page.getByText("the tool acts under the agent’s name").waitFor();
    await look(studio, "an edge chosen");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+a");
    await page.getByText("Copies get new ids").waitFor();
    await look(studio, "several chosen");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("the inbox: empty, with messages, one of them open, its mailboxes, and a message to try", async () => {
    const { studio, page, complaints, context } = await journey.open("/inbox", options);
    await page.getByText("No message has arrived yet").or(page.locator("[data-message]").first()).waitFor();
    await look(studio, "inbox before");
    const longAddress = `${"a-very-long-name.".repeat(12)}@example.com`;
    await journey.deliver(`Your code is 482913.`, longAddress);
    await journey.deliver(`Your code is 482913 or your code is 771204.`, longAddress);
    await page.locator('[data-kind="ambiguous"]').first().waitFor();
    await look(studio, "inbox");
    await page.locator('[data-kind="ambiguous"] [data-row]').first().click();
    await page.locator('[data-part="reading-text"] mark').first().waitFor();
    await look(studio, "inbox message");
    await page.goto(`${journey.server.url}/inbox?show=mailboxes`);
    await page.locator("[data-mailbox]").first().waitFor();
    await look(studio, "inbox mailboxes");
    await page
      .getByRole("button", { name: /^Change / })
      .first()
      .click();
    await dialog(page).waitFor();
    await look(studio, "inbox change a mailbox");
    await page.goto(`${journey.server.url}/inbox?show=try`);
    await page.getByRole("textbox", { name: "Message" }).fill(`${"long".repeat(80)} Your code is 482913`);
    await page.locator('[data-part="found-value"]').first().waitFor();
    await look(studio, "inbox try a message");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("quick-add, finding, the keys, the menu, its dialogs, what an import holds, and a key for a model", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(wholeChain, "Tools", options);
    await studio.card("agent").waitFor();
    for (const [view, key] of [
      ["quick add", "n"],
      ["find", "Control+f"],
      ["keys", "?"],
    ] as const) {
      await page.keyboard.press(key);
      await dialog(page).waitFor();
      await look(studio, view);
      await page.keyboard.press("Escape");
      await gone(page);
    }
    const menu = page.getByRole("button", { name: /^Workflow:/ });
    await menu.click();
    await page.getByRole("button", { name: "New workflow…" }).waitFor();
    await look(studio, "workflow menu");
    await page.keyboard.press("Escape");
    for (const item of ["New workflow…", "Export as JSON…", "Import JSON…"]) {
      await menu.click();
      await page.getByRole("button", { name: item }).click();
      await dialog(page).waitFor();
      if (item.startsWith("Import")) {
        await dialog(page).getByLabel("paste the JSON").fill(given);
        await dialog(page).getByLabel("Replace this canvas").check();
      }
      await look(studio, item);
      await page.keyboard.press("Escape");
      await gone(page);
    }
    await studio.choose("ai_model");
    await page.getByLabel("Provider").selectOption("openai");
    await page.getByRole("button", { name: "Add key" }).click();
    await dialog(page).getByRole("button", { name: "Store key" }).click();
    await dialog(page).getByText("Paste the key.").waitFor();
    await look(studio, "add a key");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it.each(["light", "dark"] as const)("sees what is illegible in %s alone", async (theme) => {
  const { studio, page, context } = await journey.visit();
  await page.setContent(
    `<html lang="en"><title>One theme</title><style>
      p { color: #000; background: #fff; transition: color 10s }
      @media (prefers-color-scheme: ${theme}) { p { color: #eee } }
    </style><main><h1>Words</h1><p>Words</p></main></html>`,
  );
  expect(await studio.seriousAxeProblems()).toEqual([
    expect.stringContaining(`in ${theme}, color-contrast: p`),
  ]);
  await context.close();
});
