import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { clockAhead } from "../support/clock-ahead.ts";
import { addPasskeyInDialog, enterWithDevice, forgetFactors } from "../support/enter-with-device.ts";
import { independentCode } from "../support/independent-code.ts";
import { look } from "../support/look-at-view.ts";
import { siteOf } from "../support/passkey-page.ts";
import { startJourney } from "../support/start-journey.ts";
import { linkOf } from "../support/vault-entries.ts";

const clock = clockAhead();
const journey = startJourney({ clock });

/** Each test begins with a person who has no factor and is signed in nowhere. */
beforeEach(() => forgetFactors(journey));

const enter = (path: string) => enterWithDevice(journey, path);

const secondLook = (page: Page) => page.getByRole("dialog", { name: "Prove that it is you" });

describe("one person on a laptop", () => {
  it("runs the first workflow without a click after the link, and is asked for a name without being stopped", async () => {
    const { studio, page, complaints, context } = await journey.visit();
    await page.addInitScript(() => {
      for (const type of ["click", "keydown"])
        addEventListener(
          type,
          () => sessionStorage.setItem(type, `${1 + Number(sessionStorage.getItem(type) ?? 0)}`),
          true,
        );
    });
    const done = (type: string) => page.evaluate((key) => Number(sessionStorage.getItem(key) ?? 0), type);
    await page.goto(journey.server.signInLink ?? "");
    // Nothing lies over the studio and nothing is asked first: a message and Enter, as before there were people.
    await studio.sendMessage("Prove who you are.");
    await studio.runStatus("succeeded").waitFor();
    expect([await done("click"), await done("keydown")]).toEqual([0, 1]);
    await page.getByRole("button", { name: "What shall we call you?" }).click();
    await page.getByLabel("What shall we call you?").last().fill("Ada Lovelace");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "You: Ada Lovelace" }).click();
    await page.getByText("Owner", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("adds a passkey from the bar of the settings, signs out, and comes back by it", async () => {
    const { studio, page, complaints, context } = await enter("/settings");
    const bar = page.getByText("Add a passkey so that you can come back without the link", { exact: true });
    await bar.waitFor();
    await page.getByRole("region", { name: "Passkey", exact: true }).getByRole("button").click();
    await look(studio, "dialog for a new passkey");
    await addPasskeyInDialog(page, "Laptop");
    expect(await bar.count()).toBe(0);

    await studio.signOut();
    await page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await look(studio, "sign-in page");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByRole("heading", { name: "Totem studio" }).waitFor();
    await page.goto(`${siteOf(journey.server)}/settings/sign-in`);
    await page.getByText("signed in by passkey").waitFor();
    await look(studio, "own ways to sign in");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the second look", () => {
  it("H3: is taken in place 11 minutes after the sign-in, by passkey, and the action goes on", async () => {
    const { body: entry } = await journey.server.api("POST", "/vault/entries", {
      name: "Bank",
      enrolment: linkOf("Bank", "ops@example.com"),
    });
    await journey.server.api("POST", "/keys", { name: "Reader", scopes: ["vault:read"] });
    const { studio, page, complaints, context, expectComplaint } = await enter("/settings/sign-in");
    expectComplaint(/403/);
    await page.getByRole("button", { name: "Add a passkey" }).last().click();
    await addPasskeyInDialog(page, "Desk");
    clock.pass(11);
    // Reading, and what a page reads by itself, asks for nothing.
    for (const path of ["/settings/people", "/inbox", "/hosts", "/audit", `/vault?entry=${entry.id}`]) {
      await page.goto(siteOf(journey.server) + path);
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      expect(await secondLook(page).count(), path).toBe(0);
    }

    const grant = async () => {
      await page.getByRole("button", { name: "Grant access…" }).click();
      const dialog = page.getByRole("dialog", { name: "Grant access" });
      await dialog.getByLabel("A service key").check();
      await dialog.getByRole("combobox", { name: "Name" }).fill("Reader");
      await dialog.getByRole("button", { name: "Grant", exact: true }).click();
      return dialog;
    };
    const dialog = await grant();
    await secondLook(page).getByRole("button", { name: "Use a passkey" }).waitFor();
    await look(studio, "second look");
    await secondLook(page).getByRole("button", { name: "Cancel" }).click();
    await dialog.getByText("Nothing was done, because you did not prove that it is you.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();

    await grant();
    await secondLook(page).getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("button", { name: "Change what Reader may do" }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    // Good for ten minutes: the next one goes through at once.
    await page.getByRole("button", { name: "Change what Reader may do" }).click();
    await page.getByRole("button", { name: "Take it away" }).click();
    await page.getByRole("button", { name: "Change what Reader may do" }).waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("H3: says to a person without a factor how to get one, and lets no late first factor in", async () => {
    const { page, context, expectComplaint } = await enter("/settings/sign-in");
    expectComplaint(/403/);
    // As it is for a person who never added a factor.
    await journey.server.database.kysely.deleteFrom("passkey").execute();
    clock.pass(11);
    await page.reload();
    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByRole("button", { name: "Save" }).click();
    await secondLook(page).getByText("You have no passkey yet. Open a new sign-in link").waitFor();
    await secondLook(page).getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Add a passkey" }).first().click();
    await page.getByText("A first passkey is added within 10 minutes of a sign-in by a link.").waitFor();
    await context.close();
  });
});

describe("an authenticator", () => {
  it("is shown once, turned on by a code, proves that it is the person, and goes with a password", async () => {
    const { studio, page, complaints, context, expectComplaint } = await enter("/settings/sign-in");
    expectComplaint(/40[013]/);
    await page.getByRole("button", { name: "Add an authenticator" }).click();
    await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
    await look(studio, "new authenticator");
    const secret = await page.getByRole("textbox", { name: "Or type this secret" }).inputValue();
    const codeNow = () => independentCode(secret, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now());
    await page.getByLabel("Code that the app shows").fill("000000");
    await page.getByRole("button", { name: "Turn it on" }).click();
    await page.getByRole("alert").getByText("code", { exact: false }).first().waitFor();
    await page.getByLabel("Code that the app shows").fill(codeNow());
    await page.getByRole("button", { name: "Turn it on" }).click();
    const codes = (await page.getByLabel("Backup codes", { exact: true }).inputValue()).split("\n");
    expect(codes).toHaveLength(10);
    await look(studio, "backup codes");
    await page.getByRole("button", { name: "I have stored them" }).click();
    await page.getByText("10 backup codes are left.").waitFor();

    clock.pass(11);
    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByRole("button", { name: "Save" }).click();
    await secondLook(page)
      .getByLabel("Code of your authenticator, or a backup code")
      .fill(codes[0] ?? "");
    await page.keyboard.press("Enter");
    await page.getByText("Saved.").waitFor();

    // A password says before what it must be, and as a sentence what is wrong with it.
    await page.getByRole("button", { name: "Set a password" }).click();
    await page.getByText("At least 12 characters").waitFor();
    await page.getByLabel("New password").fill("password1234");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page
      .getByRole("dialog")
      .getByRole("alert")
      .getByText(/password/i)
      .waitFor();
    await page.getByLabel("New password").fill("four words make one sentence");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByText("The password is set.", { exact: false }).waitFor();
    await studio.signOut();
    await page.getByText("E-mail and password").click();
    await page.getByLabel("E-mail address").fill("ada@example.com");
    await page.getByLabel("Password", { exact: true }).fill("four words make one sentence");
    await page.getByLabel("Code of your authenticator, or a backup code").fill(codes[1] ?? "");
    await page.getByRole("button", { name: "Sign in with a password" }).click();
    await page.getByRole("heading", { name: "Totem studio" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the list of sessions", () => {
  it("H6: ends another session, whose page says so and goes on after a new sign-in", async () => {
    const [here, there] = [await journey.open("/settings/sign-in"), await journey.open("/vault")];
    there.expectComplaint(/401/);
    await here.page.reload();
    await here.page.getByText("This one").waitFor();
    await here.page
      .getByRole("button", { name: /^End the session of/ })
      .first()
      .click();
    await expect.poll(() => here.page.getByRole("button", { name: /^End the session of/ }).count()).toBe(0);
    await there.studio.hearOfItsEnd();
    expect(here.complaints).toEqual([]);
    await here.context.close();
    await there.context.close();
  });
});
