import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  openStudio,
  runStatus,
  sendMessage,
  seriousAxeProblems,
} from "../support/browser-studio.ts";
import { flowEdge, modelEdge, node } from "../support/build-workflow.ts";
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

describe.each(["light", "dark"] as const)("in %s, axe finds nothing serious", (colorScheme) => {
  it("on the sign-in page", async () => {
    const { page, context } = await openPage(browser, { colorScheme });
    await page.goto(server.url);
    await page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await context.close();
  });

  it("on the canvas: at rest, after a run, with settings, menus and dialogs open", async () => {
    const { page, context } = await openStudio(browser, server, "/w/prove-who-you-are", { colorScheme });
    await cardOf(page, "agent").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);

    await sendMessage(page, "Prove who you are.");
    await runStatus(page, "succeeded").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);

    for (const type of ["ai_model", "agent", "get_totp_code"]) {
      await cardOf(page, type).click();
      await page.getByRole("heading", { name: "Last run" }).waitFor();
      expect(await seriousAxeProblems(page), type).toEqual([]);
    }
    await page.getByRole("button", { name: "Close settings" }).click();

    await page.getByRole("button", { name: /^Workflow:/ }).click();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "New workflow…" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await context.close();
  });

  it("on a workflow with problems, a failed run, and a narrow window", async () => {
    const slug = await server.addWorkflow(
      {
        nodes: [
          node("chat", "trigger_chat"),
          { ...node("agent", "agent"), position: { x: 300, y: 0 } },
          {
            ...node("model", "ai_model", { steps: [{ say: "{{nothing.here}}" }] }),
            position: { x: 100, y: 250 },
          },
          { ...node("code", "get_totp_code"), position: { x: 400, y: 250 } },
        ],
        edges: [flowEdge("chat", "agent"), modelEdge("model")],
      },
      `Problems ${colorScheme}`,
    );
    const { page, context, expectComplaint } = await openStudio(browser, server, `/w/${slug}`, {
      colorScheme,
    });
    expectComplaint(/422/);
    await page.getByRole("button", { name: /1 problem/ }).click();
    await page.getByRole("list", { name: "Problems" }).waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await page.getByRole("button", { name: /Connect this tool to an agent's Tools diamond/ }).click();
    await page.getByRole("heading", { name: "Get TOTP Code" }).waitFor();

    // The server refuses the same, and its list is as short a way.
    await sendMessage(page, "Go.");
    await page.getByRole("alert").getByText("Get TOTP Code").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);

    await page
      .getByRole("complementary", { name: "Settings" })
      .getByRole("button", { name: "Delete" })
      .click();
    await sendMessage(page, "Go.");
    await runStatus(page, "failed").waitFor();
    await page.getByRole("log").getByText("SCRIPT_INVALID").waitFor();
    expect(await cardOf(page, "agent").getAttribute("data-status")).toBe("failed");
    expect(await seriousAxeProblems(page)).toEqual([]);

    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("complementary", { name: "Palette" }).waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    expect(await seriousAxeProblems(page)).toEqual([]);
    await context.close();
  });
});
