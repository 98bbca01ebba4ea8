import { expect, it } from "vitest";
import { look } from "../support/look-at-view.ts";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

it("leads from every page to the settings, each of whose pages has an address of its own", async () => {
  const { studio, page, complaints, context } = await journey.open("/w/prove-who-you-are");
  await page.getByRole("link", { name: "Settings" }).click();
  const list = page.getByRole("navigation", { name: "Settings" });
  await list.getByRole("link", { name: "People" }).waitFor();
  expect(studio.path()).toBe("/settings/people");
  await list.getByRole("link", { name: "Sign-in" }).click();
  expect(studio.path()).toBe("/settings/sign-in");
  await page.reload();
  await list.getByRole("link", { name: "Sign-in" }).and(page.locator("[aria-current]")).waitFor();
  await page.goto(`${journey.server.url}/settings/no-such-page`);
  await page.getByText("There is no such page for you").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it("is whole in light and dark, on a desk and on a telephone", async () => {
  const { studio, page, context } = await journey.open("/settings/people");
  for (const name of await page
    .getByRole("navigation", { name: "Settings" })
    .getByRole("link")
    .allInnerTexts()) {
    await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name }).click();
    await page.getByRole("heading", { level: 3 }).first().waitFor();
    await look(studio, `settings ${name}`);
  }
  await context.close();
});

it("shows on a telephone which page is open, however far down its list that is", async () => {
  const { page, complaints, context } = await journey.open("/settings/about", {
    viewport: { width: 360, height: 740 },
  });
  for (const [list, name] of [
    ["Settings", "About"],
    ["Pages", "Settings"],
  ] as const) {
    const link = page.getByRole("navigation", { name: list }).getByRole("link", { name });
    await expect
      .poll(() =>
        link.evaluate((one) =>
          [
            ...document.elementsFromPoint(
              one.getBoundingClientRect().right - 4,
              one.getBoundingClientRect().top + 8,
            ),
          ].includes(one),
        ),
      )
      .toBe(true);
  }
  expect(complaints).toEqual([]);
  await context.close();
});
