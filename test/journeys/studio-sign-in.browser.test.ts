import { describe, expect, it } from "vitest";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

describe("the way into the studio", () => {
  it("opens signed in at the printed link, takes the token out of the address, and refuses the link a second time", async () => {
    const link = journey.server.signInLink ?? "";
    const first = await journey.visit();
    // Pasted into a tab that shows the studio's way in already: only the hash changes.
    first.expectComplaint(/401/);
    await first.page.goto(journey.server.url);
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

    const second = await journey.visit();
    second.expectComplaint(/401/);
    await second.page.goto(link);
    await second.page.getByRole("alert").getByText("This link was used already or has expired.").waitFor();
    expect(second.page.url()).not.toContain("sign-in");

    // Signing out is the end of the session, not only of the page.
    first.expectComplaint(/401/);
    await first.studio.signOut();
    await first.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await first.page.reload();
    await first.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    expect(first.complaints).toEqual([]);
    expect(second.complaints).toEqual([]);
    await first.context.close();
    await second.context.close();
  });

  it("takes an administrator's key and says when one is wrong", async () => {
    const { studio, page, context, complaints, expectComplaint } = await journey.visit();
    expectComplaint(/401/);
    await page.goto(`${journey.server.url}/w/prove-who-you-are`);
    await studio.signInWithKey("not a key");
    await page.getByRole("alert").getByText("This is not the administrator's key.").waitFor();
    await studio.signInWithKey(journey.server.adminKey);
    await page.getByRole("heading", { name: "Totem studio" }).waitFor();
    // One arrives where one wanted to go.
    expect(studio.path()).toBe("/w/prove-who-you-are");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("keeps one's work when the session ends under it, and saves it after signing in again", async () => {
    const { studio, page, context, expectComplaint } = await journey.open("/w/prove-who-you-are");
    expectComplaint(/401/);
    await studio.card("platform_api").click();
    await context.clearCookies();
    await page.keyboard.press("Delete");
    await page.getByText("Your session has ended.").waitFor();
    await studio.signInWithKey(journey.server.adminKey);
    await studio.savedMark().waitFor();
    expect(await studio.card("platform_api").count()).toBe(0);
    await expect
      .poll(async () => (await journey.server.api("GET", "/workflows/prove-who-you-are")).body.nodes.length)
      .toBe(6);
    await context.close();
  });
});
