import type { Page } from "playwright-core";
import type { WatchedPage } from "./browser.ts";
import { addDevice, siteOf } from "./passkey-page.ts";
import type { startJourney } from "./start-journey.ts";

type Journey = ReturnType<typeof startJourney>;

/** A visitor at the server's name, with a device that makes passkeys, signed in as the only person. */
export async function enterWithDevice(journey: Journey, path: string): Promise<WatchedPage> {
  const watched = await journey.visit();
  await addDevice(watched.page);
  watched.expectComplaint(/401/);
  await watched.page.goto(siteOf(journey.server) + path);
  await watched.studio.signInWithKey(journey.server.adminKey);
  await watched.page.getByRole("heading", { name: "Totem studio" }).waitFor();
  return watched;
}

/** Fills the open dialog for a new passkey. */
export async function addPasskeyInDialog(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the passkey").fill(name);
  await dialog.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("The passkey is added.").waitFor();
}

/** Ends what the last test left: the person has no factor and is signed in nowhere. */
export async function forgetFactors({ server }: Journey): Promise<void> {
  for (const table of ["passkey", "second_step", "studio_session"] as const)
    await server.database.kysely.deleteFrom(table).execute();
}
