import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { VaultEntryBody } from "../../plugin/api/vault.ts";
import { type Clock, systemClock } from "../../server/clock.ts";
import { independentCode } from "../support/independent-code.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";
import { linkOf, strongSecret } from "../support/vault-entries.ts";

/** Codes of five minutes, on a server's clock that has just begun such a window: no test sees one end. */
const long = { algorithm: "SHA1", digits: 6, period: 300 } as const;
const aheadMs = 300_000 - (Date.now() % 300_000);
const clock: Clock = { now: () => new Date(Date.now() + aheadMs), sleep: systemClock.sleep };
const codeNow = (secret = strongSecret) => independentCode(secret, long, clock.now());

const journey = startJourney({ clock });

const entryOf = async (name: string): Promise<VaultEntryBody> =>
  (await journey.server.api("GET", `/vault/entries?name=${encodeURIComponent(name)}`)).body.entries[0];

async function add(name: string, more: object = {}): Promise<VaultEntryBody> {
  const enrolment = linkOf(name, "ops@example.com", { more: "&period=300" });
  const answer = await journey.server.api("POST", "/vault/entries", { name, enrolment, ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

const rowOf = (page: Page, name: string): Locator => page.locator(`[data-entry="${name}"]`);
const panelOf = (page: Page, name: string): Locator => page.getByRole("complementary", { name });
async function openEntry(page: Page, name: string): Promise<Locator> {
  await rowOf(page, name).click();
  return panelOf(page, name);
}
const open = (options = {}) => journey.open("/vault", options);
const heldText = (panel: Locator) => panel.locator(".totem-code__digits").textContent();

describe("the vault", () => {
  it("says what to do while it is empty, and is reached from a workflow's bar", async () => {
    await journey.server.addWorkflow({ nodes: [], edges: [] }, "Some flow");
    const { studio, page, complaints, context } = await journey.open();
    await page.getByRole("link", { name: "Vault" }).click();
    await page.getByText("The vault is empty").waitFor();
    expect(studio.path()).toBe("/vault");
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await page.goBack();
    await page.getByTestId("canvas").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lists what is stored, with its marks, and finds by what a row shows", async () => {
    await add("Pager", { pending: true });
    await add("Bank", { expires_at: new Date(Date.now() + 3 * 86_400_000).toISOString() });
    await add("Old mail", { expires_at: new Date(Date.now() - 1_000).toISOString() });
    await journey.server.api("POST", "/vault/entries", { name: "Short", enrolment: "JBSWY3DPEHPK3PXP" });
    await journey.server.api("POST", "/vault/entries", { name: "Payments key", type: "API_KEY" });
    const { studio, page, complaints, context } = await open();
    for (const [name, mark] of [
      ["Pager", "Pending"],
      ["Bank", "Expires soon"],
      ["Old mail", "Expired"],
      ["Short", "Weak"],
    ] as const)
      await rowOf(page, name).getByText(mark, { exact: true }).waitFor();
    expect(await rowOf(page, "Payments key").textContent()).toContain("Never used");
    expect(await studio.seriousAxeProblems()).toEqual([]);

    await page.getByRole("searchbox").fill("example BANK");
    await expect.poll(() => page.locator("[data-entry]").count()).toBe(1);
    await page.getByRole("searchbox").fill("no such thing");
    await page.getByText("Nothing in the vault is called").waitFor();
    await page.getByRole("searchbox").fill("");

    // By the keys alone: down the list, open, close, and back where one was.
    await rowOf(page, "Payments key").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const panel = panelOf(page, "Short");
    await panel.getByText("fewer", { exact: false }).or(panel.getByText("Weak")).first().waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await panel.getByRole("button", { name: "Close entry" }).press("Escape");
    await panel.waitFor({ state: "detached" });
    expect(await studio.focusedAttribute("data-entry")).toBe("Short");

    await page.setViewportSize({ width: 360, height: 740 });
    await openEntry(page, "Bank");
    await panelOf(page, "Bank").getByText("The workspace").first().waitFor();
    expect(await studio.scrollWidth()).toBe(360);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shows a code while it is held and copies it, asks for it once, and leaves it nowhere", async () => {
    const entry = await add("Held");
    const { studio, page, complaints, context } = await open(withClipboard);
    const asked = studio.requestsFromNow((request) => request.url().endsWith("/code"));
    const panel = await openEntry(page, "Held");
    const hold = panel.getByRole("button", { name: "Hold to show the code of Held" });
    await hold.waitFor();
    expect(asked).toEqual([]);

    await hold.focus();
    await page.keyboard.down("Space");
    await expect.poll(() => heldText(panel)).toMatch(/^\d{3} \d{3}$/);
    const code = ((await heldText(panel)) ?? "").replace(" ", "");
    expect(code).toBe(codeNow());
    await page.keyboard.up("Space");
    expect(await heldText(panel)).toBe("••• •••");
    await panel.getByRole("button", { name: "Copy the code of Held" }).click();
    await panel.getByText("Copied", { exact: true }).waitFor();
    expect(await studio.clipboard()).toBe(code);
    expect(asked).toHaveLength(1);

    // Another row and back: the same window, the same answer.
    await openEntry(page, "Bank");
    await (await openEntry(page, "Held")).getByRole("button", { name: "Copy the code of Held" }).click();
    await panel.getByText("Copied", { exact: true }).waitFor();
    expect(asked).toHaveLength(1);
    expect(await page.content()).not.toContain(code);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(code);
    await expect.poll(() => rowOf(page, "Held").textContent()).toContain("Used just now");

    const { audit_events } = (await journey.server.api("GET", `/audit-events?subject=${entry.id}`)).body;
    expect(audit_events[0]).toMatchObject({ action: "vault.code_read", result: "ok", actor_kind: "person" });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says who can use an entry and why, and changes what a key may do", async () => {
    const entry = await add("Shared", { backup_codes: ["one", "two"] });
    await journey.server.api("POST", "/keys", { name: "CI deploys", scopes: ["vault:read", "codes:read"] });
    await journey.server.api("POST", "/keys", { name: "root", scopes: ["admin"] });
    const grantsNow = async () =>
      (await journey.server.api("GET", `/vault/entries/${entry.id}/grants`)).body.grants;
    const { studio, page, complaints, context } = await open();
    const panel = await openEntry(page, "Shared");
    await panel.getByText("2 left").waitFor();
    const access = panel.getByRole("region", { name: "Who can use it" });
    await access.getByText("root (key)").waitFor();
    await access.getByText("May do everything: it has the scope admin.").waitFor();
    await access.getByText("Owner (owner)").waitFor();
    await access.getByText("Owners manage every entry.").waitFor();

    await access.getByRole("button", { name: "Grant access…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("A service key").check();
    await dialog.getByLabel("Name", { exact: true }).fill("CI deploys");
    await dialog.getByLabel("Data").check();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Grant", exact: true }).click();
    await access.getByText("Codes, Data", { exact: true }).waitFor();
    expect((await grantsNow())[0]).toMatchObject({ rights: ["codes", "data"] });

    await access.getByRole("button", { name: "Change what CI deploys may do" }).click();
    await dialog.getByLabel("Data").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await access.getByText("Codes", { exact: true }).waitFor();
    await access.getByRole("button", { name: "Change what CI deploys may do" }).click();
    await dialog.getByRole("button", { name: "Take it away" }).click();
    await access.getByText("CI deploys (key)").waitFor({ state: "detached" });
    expect(await grantsNow()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lets a role use an entry, says by name who granted it, and takes it away", async () => {
    await add("For builders");
    const { studio, page, complaints, context } = await open();
    const access = (await openEntry(page, "For builders")).getByRole("region", { name: "Who can use it" });
    await access.getByRole("button", { name: "Grant access…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("A person", { exact: true }).check();
    await dialog.getByLabel("Person", { exact: true }).waitFor();
    await dialog.getByLabel("A role", { exact: true }).check();
    await dialog.getByLabel("Role", { exact: true }).selectOption("Builder");
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Grant", exact: true }).click();
    await access.getByText("builder (role)").waitFor();
    await access.getByText("Granted by Owner.").waitFor();
    await access.getByRole("button", { name: "Change what builder may do" }).click();
    await dialog.getByRole("button", { name: "Take it away" }).click();
    await access.getByText("builder (role)").waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("an entry", () => {
  it("B8: waits for its first code: a wrong one is refused, a right one or the person's word ends it", async () => {
    await add("Waits", { pending: true });
    const { page, complaints, context, expectComplaint } = await open();
    expectComplaint(/401|403|422/);
    const panel = await openEntry(page, "Waits");
    const waiting = panel.getByRole("region", { name: "Confirm" });
    await waiting.getByLabel("A code from another authenticator").fill("000000");
    await waiting.getByRole("button", { name: "Confirm" }).click();
    await waiting.locator('[data-part="problem"]').waitFor();
    expect((await entryOf("Waits")).one_time?.pending).toBe(true);
    const code = codeNow();
    await waiting
      .getByLabel("A code from another authenticator")
      .fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await waiting.getByRole("button", { name: "Confirm" }).click();
    await waiting.waitFor({ state: "detached" });
    expect((await entryOf("Waits")).one_time?.pending).toBe(false);

    const other = await openEntry(page, "Pager");
    await other.getByRole("button", { name: "The service accepted it" }).click();
    await other.getByRole("region", { name: "Confirm" }).waitFor({ state: "detached" });
    expect((await entryOf("Pager")).one_time?.pending).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("B9: gets another seed, whose codes are shown from then on, and the one before back", async () => {
    await add("Turned");
    const other = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU";
    const { page, complaints, context } = await open();
    const panel = await openEntry(page, "Turned");
    const holdAndRead = async () => {
      await panel.getByRole("button", { name: "Hold to show the code of Turned" }).focus();
      await page.keyboard.down("Space");
      await expect.poll(() => heldText(panel)).toMatch(/^\d/);
      const text = await heldText(panel);
      await page.keyboard.up("Space");
      return text?.replace(" ", "");
    };
    expect(await holdAndRead()).toBe(codeNow());
    await panel.getByRole("button", { name: "Replace the seed…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill(linkOf("Turned", "ops", { secret: other, more: "&period=300" }));
    await dialog.getByText("300 s").waitFor();
    await dialog.getByRole("button", { name: "Replace", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await holdAndRead()).toBe(codeNow(other));
    expect(await page.content()).not.toContain(other);

    await panel.getByRole("button", { name: "Restore it" }).click();
    await page.getByText("has its previous seed again").waitFor();
    await expect.poll(holdAndRead).toBe(codeNow());
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is gone at once when it is deleted, and back at once when that is undone: the server was not asked", async () => {
    await add("Regretted");
    const { studio, page, complaints, context } = await open();
    const sent = studio.requestsFromNow((request) => request.method() === "DELETE");
    const panel = await openEntry(page, "Regretted");
    await panel.getByRole("button", { name: "Delete" }).click();
    await rowOf(page, "Regretted").waitFor({ state: "detached" });
    await page.getByText("“Regretted” is deleted.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await rowOf(page, "Regretted").waitFor();
    expect(sent).toEqual([]);

    // Dismissed: meant. Then the server is asked.
    await (await openEntry(page, "Regretted")).getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(() => entryOf("Regretted")).toBeUndefined();
    expect(sent).toHaveLength(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is deleted when its message has run out, and when the page is left before", async () => {
    await add("Runs out");
    await add("Left behind");
    const { page, complaints, context } = await open();
    await (await openEntry(page, "Runs out")).getByRole("button", { name: "Delete" }).click();
    await page.mouse.move(5, 700);
    await rowOf(page, "Runs out").waitFor({ state: "detached" });
    expect(await entryOf("Runs out")).toBeDefined();
    await expect.poll(() => entryOf("Runs out"), { timeout: 15_000 }).toBeUndefined();

    await (await openEntry(page, "Left behind")).getByRole("button", { name: "Delete" }).click();
    await page.getByText("“Left behind” is deleted.").waitFor();
    expect(await entryOf("Left behind")).toBeDefined();
    await page.goto("about:blank");
    await expect.poll(() => entryOf("Left behind")).toBeUndefined();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("that cannot be read says so, and can be tried again", async () => {
    const { page, context, expectComplaint } = await open();
    expectComplaint(/500|404/);
    await page.route("**/api/v1/vault/entries?*", (route) => route.fulfill({ status: 400, body: "{}" }));
    await page.reload();
    await page.getByText("The vault cannot be read").waitFor();
    await page.unroute("**/api/v1/vault/entries?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await rowOf(page, "Bank").waitFor();
    await page.goto(`${journey.server.url}/vault?entry=6f1f5b46-6d2b-4a5c-8a3e-0f8e5b1c2d3e`);
    await page.getByText("There is nothing to show").waitFor();
    await context.close();
  });
});
