import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { buildStudio, openStudio, seriousAxeProblems } from "../support/browser-studio.ts";
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

const open = (path = "/inbox", options = {}) => openStudio(browser, server, path, options);
const marksOf = (page: Page): Locator => page.locator(".reading__text mark");

describe("a message to try", () => {
  it.each(["light", "dark"] as const)(
    "in %s, is read as it is pasted, each reason is shown where it counted, and nothing is kept",
    async (colorScheme) => {
      const { page, complaints, context } = await open("/inbox?show=try", { colorScheme });
      await page.getByText("The reading appears here.").waitFor();
      await page.getByLabel("From").fill("GitHub <noreply@github.com>");
      await page.getByLabel("Subject").fill("Please verify your device");
      await page
        .getByRole("textbox", { name: "Message" })
        .fill("Verification code: 482 913\n\nIf you did not sign in, write to us. © 2026 GitHub");
      const reading = page.getByRole("region", { name: "The reading" });
      await reading.locator(".reading__value", { hasText: "482913" }).waitFor();
      await expect.poll(() => reading.getByRole("status").textContent()).toBe("A code was found: 482913.");
      await marksOf(page).first().waitFor();
      expect(await seriousAxeProblems(page)).toEqual([]);

      // A reason says where it counted, and the place says its reason.
      const reason = reading.locator(".reasons__reason").first();
      await reason.focus();
      await expect.poll(() => page.locator("mark[data-lit]").count()).toBeGreaterThan(0);
      const described = await marksOf(page).first().getAttribute("aria-describedby");
      const [id = ""] = described?.split(" ") ?? [];
      expect(await page.locator(`[id="${id}"]`).textContent()).not.toBe("");
      expect(await seriousAxeProblems(page)).toEqual([]);

      await page.getByLabel("HTML").check();
      await page
        .getByRole("textbox", { name: "Message" })
        .fill('<p>Your code is <b>771204</b></p><p style="display:none">000000</p>');
      await reading.locator(".reading__value", { hasText: "771204" }).waitFor();
      await page.getByRole("textbox", { name: "Message" }).fill("<p>Lunch at noon?</p>");
      await page.getByLabel("Subject").fill("");
      await reading.getByText("Nothing", { exact: true }).waitFor();
      await page.getByRole("textbox", { name: "Message" }).fill("");
      await page.getByText("The reading appears here.").waitFor();

      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});
