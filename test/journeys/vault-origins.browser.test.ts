import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { startJourney } from "../support/start-journey.ts";
import { linkOf, strongSecret } from "../support/vault-entries.ts";

const journey = startJourney();
const rowOf = (page: Page, name: string): Locator => page.locator(`[data-entry="${name}"]`);
const originsOf = async (name: string): Promise<string[]> =>
  (await journey.server.api("GET", `/vault/entries?name=${encodeURIComponent(name)}`)).body.entries[0]
    ?.origins;
const open = () => journey.open("/vault");
const fieldOf = (dialog: Locator) => dialog.getByRole("textbox", { name: "Where does it belong?" });

it("asks where a new entry belongs, suggests the site of a known service, and takes it only if a person says so", async () => {
  const { studio, page, complaints, context } = await open();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Add to the vault" });
  await dialog.getByRole("textbox", { name: "QR image" }).fill(linkOf("GitHub", "ada@example.com"));
  await dialog.getByText("sent to these addresses only").waitFor();
  expect(await fieldOf(dialog).inputValue()).toBe("");
  await fieldOf(dialog).fill("https://github.com/login");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByText("Must be an origin such as").waitFor();
  await fieldOf(dialog).fill("");
  await dialog.getByRole("button", { name: "Use https://github.com" }).click();
  expect(await fieldOf(dialog).inputValue()).toBe("https://github.com");
  expect(await studio.seriousAxeProblems()).toEqual([]);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("dialog", { name: "is in the vault" }).getByRole("button", { name: "Done" }).click();
  expect(await originsOf("GitHub:ada@example.com")).toEqual(["https://github.com"]);
  expect(await rowOf(page, "GitHub:ada@example.com").textContent()).not.toContain("Belongs nowhere");

  await page.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByRole("textbox", { name: "QR image" }).fill(linkOf("GitLab", "ada@example.com"));
  await dialog.getByRole("button", { name: "Use https://gitlab.com" }).waitFor();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("dialog", { name: "is in the vault" }).getByRole("button", { name: "Done" }).click();
  expect(await originsOf("GitLab:ada@example.com")).toEqual([]);
  await rowOf(page, "GitLab:ada@example.com").getByText("Belongs nowhere").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it("shows in an import where each entry belongs, as the export says it, and lets a person say otherwise", async () => {
  const item = (name: string, uris: string[]) => ({
    name,
    login: { username: "bea", password: "hidden", totp: strongSecret, uris: uris.map((uri) => ({ uri })) },
  });
  const text = JSON.stringify({
    encrypted: false,
    items: [
      item("One", ["https://one.example/login"]),
      item("Two", []),
      item("Three", ["https://three.example"]),
    ],
  });
  const { studio, page, complaints, context } = await open();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Add to the vault" });
  await dialog.getByRole("textbox", { name: "QR image" }).fill(text);
  const where = (name: string) => dialog.getByRole("textbox", { name: `Where ${name}:bea belongs` });
  expect(await where("One").inputValue()).toBe("https://one.example");
  expect(await where("Two").inputValue()).toBe("");
  await where("Two").fill("two.example/login");
  await dialog.getByRole("button", { name: "Import 3" }).click();
  await dialog.getByText("Where Two:bea belongs: Must be an origin").waitFor();
  await where("Two").fill("two.example");
  await where("Three").fill("");
  expect(await studio.seriousAxeProblems()).toEqual([]);
  await dialog.getByRole("button", { name: "Import 3" }).click();
  await page.getByText("3 entries are in the vault.").waitFor();
  expect(await originsOf("One:bea")).toEqual(["https://one.example"]);
  expect(await originsOf("Two:bea")).toEqual(["https://two.example"]);
  expect(await originsOf("Three:bea")).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

it("marks entries that belong nowhere, finds them, takes their addresses from what is stored, and changes one by hand", async () => {
  const stored = { type: "LOGIN", data: { username: "cleo", url: "https://old.example/login" }, origins: [] };
  await journey.server.api("POST", "/vault/entries", { name: "From before", ...stored });
  await journey.server.api("POST", "/vault/entries", { name: "Without address", data: {}, origins: [] });
  const { studio, page, complaints, context } = await open();
  await rowOf(page, "From before").getByText("Belongs nowhere").waitFor();
  await page.getByRole("button", { name: "Belongs nowhere" }).click();
  await rowOf(page, "One:bea").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Take addresses from what is stored…" }).click();
  const asking = page.getByRole("dialog", { name: "Take addresses from what is stored" });
  expect(await studio.seriousAxeProblems()).toEqual([]);
  await asking.getByRole("button", { name: "Take them" }).click();
  const done = page.getByRole("dialog", { name: "Where they belong now" });
  await done.getByText("https://old.example").waitFor();
  expect(await studio.seriousAxeProblems()).toEqual([]);
  await done.getByRole("button", { name: "Done" }).click();
  await rowOf(page, "From before").waitFor({ state: "detached" });
  expect(await originsOf("From before")).toEqual(["https://old.example"]);

  await rowOf(page, "Without address").click();
  const panel = page.getByRole("complementary", { name: "Without address" });
  const region = panel.getByRole("region", { name: "Where it belongs" });
  await region.getByText("Nowhere yet").waitFor();
  await region.getByRole("button", { name: "Say where it belongs…" }).click();
  const dialog = page.getByRole("dialog", { name: "Where Without address belongs" });
  await fieldOf(dialog).fill("https://*.github.io");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("public suffix").waitFor();
  await fieldOf(dialog).fill("new.example\n*.new.example");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("belongs to 2 addresses").waitFor();
  expect(await originsOf("Without address")).toEqual(["https://new.example", "https://*.new.example"]);
  // The browser notes the refusal of the public suffix.
  expect(complaints.filter((each) => !each.includes("400"))).toEqual([]);
  await context.close();
});
