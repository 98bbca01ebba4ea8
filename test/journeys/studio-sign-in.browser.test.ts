import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { buildStudio, cardOf, openStudio, savedMark } from "../support/browser-studio.ts";
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

describe("the way into the studio", () => {
  it("opens signed in at the printed link, takes the token out of the address, and refuses the link a second time", async () => {
    const link = server.signInLink ?? "";
    const first = await openPage(browser);
    // Pasted into a tab that shows the studio's way in already: only the hash changes.
    first.expectComplaint(/401/);
    await first.page.goto(server.url);
    await first.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await first.page.goto(link);
    await first.page.getByRole("heading", { name: "Totem studio" }).waitFor();
    expect(first.page.url()).not.toContain("sign-in");
    const token = link.split("=")[1] ?? "no token";
    expect(await first.page.content()).not.toContain(token);
    // Nothing a script could read keeps the session.
    expect(await first.page.evaluate(() => document.cookie)).toBe("");
    expect(await first.page.evaluate(() => JSON.stringify(localStorage))).not.toContain(token);
    await first.page.reload();
    await first.page.getByRole("heading", { name: "Totem studio" }).waitFor();

    const second = await openPage(browser);
    second.expectComplaint(/401/);
    await second.page.goto(link);
    await second.page
      .getByRole("alert")
      .getByText("This sign-in link was used before or has expired.")
      .waitFor();
    expect(second.page.url()).not.toContain("sign-in");

    // Signing out is the end of the session, not only of the page.
    first.expectComplaint(/401/);
    await first.page.getByRole("button", { name: "Sign out" }).click();
    await first.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await first.page.reload();
    await first.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    expect(first.complaints).toEqual([]);
    expect(second.complaints).toEqual([]);
    await first.context.close();
    await second.context.close();
  });

  it("takes an administrator's key and says when one is wrong", async () => {
    const { page, context, complaints, expectComplaint } = await openPage(browser);
    expectComplaint(/401/);
    await page.goto(`${server.url}/w/prove-who-you-are`);
    await page.getByLabel("Administrator key").fill("not a key");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("This key is not valid here.").waitFor();
    await page.getByLabel("Administrator key").fill(server.adminKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Totem studio" }).waitFor();
    // One arrives where one wanted to go.
    expect(new URL(page.url()).pathname).toBe("/w/prove-who-you-are");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("keeps one's work when the session ends under it, and saves it after signing in again", async () => {
    const { page, context, expectComplaint } = await openStudio(browser, server, "/w/prove-who-you-are");
    expectComplaint(/401/);
    await cardOf(page, "platform_api").click();
    await context.clearCookies();
    await page.keyboard.press("Delete");
    await page.getByText("Your session has ended.").waitFor();
    await page.getByLabel("Administrator key").fill(server.adminKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await savedMark(page).waitFor();
    expect(await cardOf(page, "platform_api").count()).toBe(0);
    await expect
      .poll(async () => (await server.api("GET", "/workflows/prove-who-you-are")).body.nodes.length)
      .toBe(6);
    await context.close();
  });
});
