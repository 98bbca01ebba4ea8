import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  edgesOf,
  openStudio,
  runStatus,
  savedMark,
  seriousAxeProblems,
} from "../support/browser-studio.ts";
import { node } from "../support/build-workflow.ts";
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

const says = (page: Page, text: string | RegExp) =>
  page.locator("[data-totem-wiring-says]").getByText(text).waitFor();

/** Puts the focus on a node, as Tab does. */
const focusNode = (page: Page, type: string) =>
  page.locator(".react-flow__node", { has: page.locator(`.totem-card[data-node-type="${type}"]`) }).focus();

async function addByKey(page: Page, type: string): Promise<void> {
  await page.locator(`.totem-palette__card[data-node-type="${type}"]`).press("Enter");
  await cardOf(page, type).waitFor();
}

it("wires a workflow by keys alone and runs it", async () => {
  const steps = [{ say: "Wired by hand." }];
  const slug = await server.addWorkflow(
    { nodes: [node("model", "ai_model", { provider: "scripted", steps })], edges: [] },
    "Keys",
  );
  const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`);
  await cardOf(page, "ai_model").waitFor();
  for (const type of ["trigger_chat", "agent", "get_totp_code"]) await addByKey(page, type);

  // A tool has one handle, so that step is skipped.
  await focusNode(page, "get_totp_code");
  await page.keyboard.press("c");
  await page.getByRole("combobox", { name: "Connect Get TOTP Code with" }).waitFor();
  await says(page, "Get TOTP Code → Agent, Tools");
  const agentId = await page.locator(".react-flow__node[data-totem-target]").getAttribute("data-id");
  await page.locator(".totem-wiring__preview").getByText(`as agent_${slug}_${agentId}`).waitFor();
  expect(await seriousAxeProblems(page)).toEqual([]);

  // What is refused says why, and stays refused.
  await page.keyboard.type("model");
  await says(page, "Get TOTP Code → Agent, Model. A tool goes to an agent's Tools diamond.");
  await page.keyboard.press("Enter");
  await says(page, "A tool goes to an agent's Tools diamond.");
  expect(await edgesOf(page).count()).toBe(0);
  await page.keyboard.press("Escape");
  await says(page, "Nothing was connected.");
  expect(await page.evaluate(() => document.activeElement?.classList.contains("react-flow__node"))).toBe(
    true,
  );

  await page.keyboard.press("c");
  await page.keyboard.press("Enter");
  await says(page, "Connected: Get TOTP Code → Agent, Tools.");
  expect(await page.locator("[data-totem-target]").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.classList.contains("react-flow__node"))).toBe(
    true,
  );

  // An agent has four: first the handle is chosen, and Escape goes back to that choice.
  await focusNode(page, "agent");
  await page.keyboard.press("c");
  await says(page, "Connect Agent. Choose one of 4 handles.");
  await page.keyboard.type("takes a model");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Connect Agent with" }).waitFor();
  await page.keyboard.press("Escape");
  await says(page, "Choose a handle.");
  await page.keyboard.type("takes a model");
  await page.keyboard.press("Enter");
  await says(page, "AI Model → Agent, Model");
  await page.keyboard.press("Enter");
  await says(page, "Connected: AI Model → Agent, Model.");

  await focusNode(page, "trigger_chat");
  await page.keyboard.press("c");
  await says(page, "Chat Trigger → Agent, Input");
  await page.keyboard.press("Enter");
  await says(page, "Connected: Chat Trigger → Agent, Input.");
  await expect.poll(() => edgesOf(page).count()).toBe(3);
  await savedMark(page).waitFor();

  // In a field, c is a letter.
  await page.getByLabel("Message").focus();
  await page.keyboard.type("c");
  expect(await page.locator(".totem-wiring").count()).toBe(0);
  expect(await page.getByLabel("Message").inputValue()).toBe("c");
  await page.keyboard.press("Enter");
  await runStatus(page, "succeeded").waitFor();
  await page.getByRole("log").getByText("Wired by hand.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
