import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../plugin/catalogue.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { buildStudio, cardOf, edgesOf, openStudio, seriousAxeProblems } from "../support/browser-studio.ts";
import { choose, closeSettings, desk, look } from "../support/look-at-view.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";
import { everyPart, wholeChain } from "../support/workflows-to-look-at.ts";

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

const given = JSON.stringify({ totem: "workflow", version: 1, name: "Given", ...wholeChain });
const dialog = (page: Page) => page.getByRole("dialog");
/** Out of the page, not only out of sight: until then a key belongs to it. */
const gone = (page: Page) => page.locator('dialog, [data-part="quick-add"]').waitFor({ state: "detached" });

describe("every view is whole and legible:", () => {
  const options = { viewport: desk };
  const open = async (title: string, workflow: Parameters<TestServer["addWorkflow"]>[0]) => {
    const slug = await server.addWorkflow(workflow, title);
    return openStudio(browser, server, `/w/${slug}`, options);
  };

  it("the way in, an empty canvas, no runs, and nothing at an address", async () => {
    const stranger = await openPage(browser, options);
    await stranger.page.goto(server.url);
    await stranger.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await look(stranger.page, "sign in");
    await stranger.context.close();

    const { page, context, expectComplaint } = await open("Empty", { nodes: [], edges: [] });
    await page.getByText("Build an agent with an identity").waitFor();
    await look(page, "empty canvas");
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByText("No runs yet.").waitFor();
    await look(page, "no runs");
    expectComplaint(/404/);
    await page.goto(`${server.url}/w/no-such-workflow`);
    await page.getByRole("heading", { name: "There is no such workflow" }).waitFor();
    await look(page, "no such workflow");
    await context.close();
  });

  it("the editor, the settings of every node there is, an edge, and several at once", async () => {
    const { page, complaints, context } = await open("Parts", everyPart);
    await expect.poll(() => edgesOf(page).count()).toBe(everyPart.edges.length);
    await look(page, "editor");
    for (const { type } of catalogue) {
      await choose(page, type);
      await look(page, `settings of ${type}`);
      await closeSettings(page);
    }
    await page.locator('.react-flow__edge[data-id="verify-agent"]').focus();
    await page.keyboard.press("Enter");
    await page.getByText("the tool acts under the agent’s name").waitFor();
    await look(page, "an edge chosen");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+a");
    await page.getByText("Copies get ids of their own").waitFor();
    await look(page, "several chosen");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("the inbox: empty, with messages, one of them open, its mailboxes, and a message to try", async () => {
    const { page, complaints, context } = await openStudio(browser, server, "/inbox", options);
    await page.getByText("No message has arrived yet").or(page.locator("[data-message]").first()).waitFor();
    await look(page, "inbox before");
    const deliver = (content: string) =>
      server.send(
        "POST",
        "/v1/credentials/totp",
        { totp_identifier: `${"a-very-long-name.".repeat(12)}@example.com`, content },
        { "x-api-key": server.adminKey },
      );
    await deliver(`Your code is 482913.`);
    await deliver(`Your code is 482913 or your code is 771204.`);
    await page.locator('[data-kind="ambiguous"]').first().waitFor();
    await look(page, "inbox");
    await page.locator('[data-kind="ambiguous"] [data-row]').first().click();
    await page.locator('[data-part="reading-text"] mark').first().waitFor();
    await look(page, "inbox message");
    await page.goto(`${server.url}/inbox?show=mailboxes`);
    await page.locator("[data-mailbox]").first().waitFor();
    await look(page, "inbox mailboxes");
    await page
      .getByRole("button", { name: /^Change / })
      .first()
      .click();
    await dialog(page).waitFor();
    await look(page, "inbox change a mailbox");
    await page.goto(`${server.url}/inbox?show=try`);
    await page.getByRole("textbox", { name: "Message" }).fill(`${"long".repeat(80)} Your code is 482913`);
    await page.locator('[data-part="found-value"]').first().waitFor();
    await look(page, "inbox try a message");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("quick-add, finding, the keys, the menu, its dialogs, what an import holds, and a key for a model", async () => {
    const { page, complaints, context } = await open("Tools", wholeChain);
    await cardOf(page, "agent").waitFor();
    for (const [view, key] of [
      ["quick add", "n"],
      ["find", "Control+f"],
      ["keys", "?"],
    ] as const) {
      await page.keyboard.press(key);
      await dialog(page).waitFor();
      await look(page, view);
      await page.keyboard.press("Escape");
      await gone(page);
    }
    const menu = page.getByRole("button", { name: /^Workflow:/ });
    await menu.click();
    await page.getByRole("button", { name: "New workflow…" }).waitFor();
    await look(page, "workflow menu");
    await page.keyboard.press("Escape");
    for (const item of ["New workflow…", "Export as JSON…", "Import JSON…"]) {
      await menu.click();
      await page.getByRole("button", { name: item }).click();
      await dialog(page).waitFor();
      if (item.startsWith("Import")) {
        await dialog(page).getByLabel("paste the JSON").fill(given);
        await dialog(page).getByLabel("Replace this canvas").check();
      }
      await look(page, item);
      await page.keyboard.press("Escape");
      await gone(page);
    }
    await choose(page, "ai_model");
    await page.getByLabel("Provider").selectOption("openai");
    await page.getByRole("button", { name: "Add key" }).click();
    await dialog(page).getByRole("button", { name: "Store key" }).click();
    await dialog(page).getByText("Paste the key.").waitFor();
    await look(page, "add a key");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it.each(["light", "dark"] as const)("sees what is illegible in %s alone", async (theme) => {
  const { page, context } = await openPage(browser);
  await page.setContent(
    `<html lang="en"><title>One theme</title><style>
      p { color: #000; background: #fff; transition: color 10s }
      @media (prefers-color-scheme: ${theme}) { p { color: #eee } }
    </style><main><h1>Words</h1><p>Words</p></main></html>`,
  );
  expect(await seriousAxeProblems(page)).toEqual([expect.stringContaining(`in ${theme}, color-contrast: p`)]);
  await context.close();
});
