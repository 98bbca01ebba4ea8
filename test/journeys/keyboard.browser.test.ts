import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { node } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

const says = (page: Page, text: string | RegExp) =>
  page.locator("[data-totem-wiring-says]").getByText(text).waitFor();

it("wires a workflow by keys alone and runs it", async () => {
  const steps = [{ say: "Wired by hand." }];
  const { slug, studio, page, complaints, context } = await journey.openWorkflow(
    { nodes: [node("model", "ai_model", { provider: "scripted", steps })], edges: [] },
    "Keys",
  );
  await studio.card("ai_model").waitFor();
  for (const type of ["trigger_chat", "agent", "get_totp_code"]) await studio.addByKey(type);

  // A tool has one handle, so that step is skipped.
  await studio.nodeOfType("get_totp_code").focus();
  await page.keyboard.press("c");
  await page.getByRole("combobox", { name: "Connect Get TOTP Code with" }).waitFor();
  await says(page, "Get TOTP Code → Agent, Tools");
  const agentId = await page.locator(".react-flow__node[data-totem-target]").getAttribute("data-id");
  await page.locator(".totem-wiring__preview").getByText(`as agent_${slug}_${agentId}`).waitFor();
  expect(await studio.seriousAxeProblems()).toEqual([]);

  // What is refused says why, and stays refused.
  await page.keyboard.type("model");
  await says(page, "Get TOTP Code → Agent, Model. A tool goes to an agent's Tools diamond.");
  await page.keyboard.press("Enter");
  await says(page, "A tool goes to an agent's Tools diamond.");
  expect(await studio.edges().count()).toBe(0);
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
  await studio.nodeOfType("agent").focus();
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

  await studio.nodeOfType("trigger_chat").focus();
  await page.keyboard.press("c");
  await says(page, "Chat Trigger → Agent, Input");
  await page.keyboard.press("Enter");
  await says(page, "Connected: Chat Trigger → Agent, Input.");
  await expect.poll(() => studio.edges().count()).toBe(3);
  await studio.savedMark().waitFor();

  // In a field, c is a letter.
  await page.getByLabel("Message").focus();
  await page.keyboard.type("c");
  expect(await page.locator(".totem-wiring").count()).toBe(0);
  expect(await page.getByLabel("Message").inputValue()).toBe("c");
  await page.keyboard.press("Enter");
  await studio.runStatus("succeeded").waitFor();
  await studio.conversation().getByText("Wired by hand.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
