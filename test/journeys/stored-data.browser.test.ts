import { expect, it } from "vitest";
import { clockAhead } from "../support/clock-ahead.ts";
import { addPasskeyInDialog, enterWithDevice } from "../support/enter-with-device.ts";
import { look } from "../support/look-at-view.ts";
import { siteOf } from "../support/passkey-page.ts";
import { startJourney } from "../support/start-journey.ts";
import { linkOf } from "../support/vault-entries.ts";

const clock = clockAhead();
const journey = startJourney({ clock });

it("H3: the data of an entry is shown after a second look, is gone when it is closed, and is in the audit log", async () => {
  const password = "shown-to-a-person-once";
  const { id } = (
    await journey.server.api("POST", "/vault/entries", {
      name: "Bank",
      type: "LOGIN",
      enrolment: linkOf("Bank", "ops@example.com"),
      data: { username: "ops", password },
    })
  ).body;
  const { studio, page, complaints, context, expectComplaint } = await enterWithDevice(
    journey,
    "/settings/sign-in",
  );
  await page.getByRole("button", { name: "Add a passkey" }).last().click();
  await addPasskeyInDialog(page, "Laptop");
  clock.pass(11);
  expectComplaint(/403/);
  await page.goto(`${siteOf(journey.server)}/vault?entry=${id}`);
  const section = page.getByRole("region", { name: "Stored data" });
  const show = section.getByRole("button", { name: "Show its data…" });
  const secondLook = page.getByRole("dialog", { name: "Prove that it is you" });

  await show.click();
  await secondLook.getByRole("button", { name: "Cancel" }).click();
  await section.getByText("Nothing was done, because you did not prove that it is you.").waitFor();

  await show.click();
  await secondLook.getByRole("button", { name: "Use a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Data of Bank" });
  expect(await dialog.getByRole("textbox", { name: "username" }).inputValue()).toBe("ops");
  expect(await dialog.getByRole("textbox", { name: "password" }).inputValue()).toBe(password);
  await look(studio, "data of an entry");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await dialog.waitFor({ state: "detached" });
  expect(await page.content()).not.toContain(password);

  await page.getByRole("link", { name: "Who used it, and when" }).click();
  await page.locator("tr[data-event]").filter({ hasText: "Read an entry’s data" }).first().waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
