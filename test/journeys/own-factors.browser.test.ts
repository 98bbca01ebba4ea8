import { beforeEach, describe, expect, it } from "vitest";
import type { WatchedPage } from "../support/browser.ts";
import { clockAhead } from "../support/clock-ahead.ts";
import { addPasskeyInDialog, enterWithDevice, forgetFactors } from "../support/enter-with-device.ts";
import { independentCode } from "../support/independent-code.ts";
import { look } from "../support/look-at-view.ts";
import { startJourney } from "../support/start-journey.ts";

const clock = clockAhead();
const journey = startJourney({ clock });
const path = "/settings/sign-in";

beforeEach(() => forgetFactors(journey));

/** A page of the same person in another browser. */
async function openElsewhere(): Promise<WatchedPage> {
  const there = await journey.open("/vault");
  there.expectComplaint(/401/);
  return there;
}

async function expectSignedOut({ studio, context }: WatchedPage): Promise<void> {
  await studio.hearOfItsEnd();
  await context.close();
}

describe("the ways to sign in that a person has", () => {
  it("H6: a passkey is renamed and removed, which ends the other sessions and says what the last one means", async () => {
    const { studio, page, complaints, context } = await enterWithDevice(journey, path);
    await page.getByRole("button", { name: "Add a passkey" }).last().click();
    await addPasskeyInDialog(page, "Linux");
    const passkeys = page.getByRole("list", { name: "Your passkeys" });

    await passkeys.getByRole("button", { name: "Rename Linux" }).click();
    const rename = page.getByRole("dialog", { name: "Rename this passkey" });
    await rename.getByLabel("Name").fill(" ");
    await rename.getByRole("button", { name: "Rename" }).click();
    await rename.getByText("Give it a name.").waitFor();
    await rename.getByLabel("Name").fill("Laptop at work");
    await look(studio, "rename a passkey");
    await rename.getByRole("button", { name: "Rename" }).click();
    await passkeys.getByText("Laptop at work", { exact: true }).waitFor();
    expect(await passkeys.getByText("Linux").count()).toBe(0);

    const there = await openElsewhere();
    await passkeys.getByRole("button", { name: "Remove Laptop at work" }).click();
    const remove = page.getByRole("dialog", { name: "Remove Laptop at work?" });
    await remove.getByText("It is your last one", { exact: false }).waitFor();
    await look(studio, "remove the last passkey");
    await remove.getByRole("button", { name: "Remove" }).click();
    await page.getByText("You have none yet.").waitFor();
    await page.getByText("Add a passkey so that you can come back without the link").waitFor();
    await expectSignedOut(there);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("H6: an authenticator is removed by one of its codes, which ends the other sessions", async () => {
    const { studio, page, complaints, context, expectComplaint } = await enterWithDevice(journey, path);
    await page.getByRole("button", { name: "Add an authenticator" }).click();
    const secret = await page.getByRole("textbox", { name: "Or type this secret" }).inputValue();
    const codeNow = () => independentCode(secret, { algorithm: "SHA1", digits: 6, period: 30 }, clock.now());
    await page.getByLabel("Code that the app shows").fill(codeNow());
    await page.getByRole("button", { name: "Turn it on" }).click();
    await page.getByRole("button", { name: "I have stored them" }).click();
    await page.getByText("10 backup codes are left.").waitFor();

    const there = await openElsewhere();
    await page.getByRole("button", { name: "Remove the authenticator" }).click();
    const dialog = page.getByRole("dialog", { name: "Remove the authenticator?" });
    // A code is accepted once: the one that turned it on does not turn it off.
    expectComplaint(/401/);
    await dialog.getByRole("textbox").fill("000000");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("alert").getByText(/code/i).waitFor();
    await look(studio, "remove the authenticator");
    clock.pass(1);
    await dialog.getByRole("textbox").fill(codeNow());
    await dialog.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Add an authenticator" }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await expectSignedOut(there);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("H6: “Sign out everywhere” ends this session and all others", async () => {
    const { page, context, complaints } = await enterWithDevice(journey, path);
    const there = await openElsewhere();
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await expectSignedOut(there);
    await page.reload();
    await page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
