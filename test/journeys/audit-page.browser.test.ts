import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../support/build-workflow.ts";
import { clockAhead } from "../support/clock-ahead.ts";
import { startJourney } from "../support/start-journey.ts";
import { linkOf } from "../support/vault-entries.ts";

let entryId: string;

const clock = clockAhead();
/** A target that is away. */
const settings = { TOTEM_AUDIT_STREAMS: "file:///nonexistent/audit.jsonl#archive" };
const journey = startJourney({ clock, settings });
beforeAll(async () => {
  const { server } = journey;
  const enrolment = linkOf("GitHub", "octocat");
  entryId = (await server.api("POST", "/vault/entries", { name: "GitHub", enrolment })).body.id;
  await server.api("POST", "/vault/entries", { name: "Bank", enrolment: linkOf("Bank", "ann") });
  const { key } = (
    await server.api("POST", "/keys", { name: "reader", scopes: ["vault:read", "codes:read"] })
  ).body;
  const grantee = { kind: "service_key", name: "reader" };
  await server.api("PUT", `/vault/entries/${entryId}/grants`, { grantee, rights: ["codes"] });
  // Near the end of its window a code is read twice, and both are in the log.
  clock.passToNewCodes();
  await server.as(key)("GET", `/vault/entries/${entryId}/code`);
  await server.as(key)("POST", `/vault/entries/${entryId}/backup-code`);
  const slug = await server.addWorkflow(
    agentWorkflow([{ tool: "create_agent_user" }, { say: "Done." }]),
    "Audited flow",
  );
  await server.api("POST", `/workflows/${slug}/runs`, {});
});

const rows = (page: Page) => page.locator("tr[data-event]");
const open = async (path = "/audit", options = {}) => {
  const watched = await journey.open(path, options);
  await rows(watched.page).first().waitFor();
  return watched;
};

describe("the audit page", () => {
  it("says who did what on what, and is legible at every width", async () => {
    const { studio, page, complaints, context } = await open("/audit");
    const read = rows(page).filter({ hasText: "Read a service’s code" });
    await read.getByText("GitHub").waitFor();
    expect(await read.first().textContent()).toContain("reader (key)");
    await rows(page)
      .filter({ hasText: "Took a backup code" })
      .or(rows(page).filter({ hasText: "Refused" }))
      .first()
      .waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    for (const width of [360, 680]) {
      await page.setViewportSize({ width, height: 740 });
      expect(await studio.scrollWidth()).toBe(width);
    }
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is narrowed by who, what, on what, result and text, and says when nothing is left", async () => {
    const { page, complaints, context } = await open();
    const only = (words: string) =>
      expect
        .poll(async () => {
          const shown = await rows(page).allTextContents();
          return shown.length > 0 && shown.every((row) => row.includes(words));
        })
        .toBe(true);
    await page.getByLabel("Who", { exact: true }).fill("reader");
    await only("reader (key)");
    await page.getByLabel("Result").selectOption("Refused");
    await only("Refused");
    await page.getByLabel("Text").fill("nothing has this");
    await page.getByText("No event matches").waitFor();
    await page.getByLabel("Text").fill("");
    await page.getByLabel("Who", { exact: true }).fill("");
    await page.getByLabel("Result").selectOption("Any");
    await page.getByLabel("On what").fill("Bank");
    await only("Bank");
    await page.getByLabel("On what").fill("");
    await page
      .getByRole("combobox", { name: "What", exact: true })
      .selectOption("Granted access to an entry");
    await only("Granted access to an entry");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("leads from an event to its run and to its entry, and from an entry to its events", async () => {
    const { studio, page, complaints, context } = await open();
    await rows(page)
      .filter({ hasText: "Started a run" })
      .getByRole("link", { name: /^Run / })
      .first()
      .click();
    await page.waitForURL(/\/w\/audited-flow\?run=/);
    await studio.stepCard().waitFor();
    await page.goBack();
    await rows(page)
      .filter({ hasText: "Read a service’s code" })
      .getByRole("link", { name: "GitHub" })
      .first()
      .click();
    const panel = page.getByRole("complementary", { name: "GitHub" });
    await panel.getByRole("link", { name: "Who used it, and when" }).click();
    await page.waitForURL(`**/audit?subject=${entryId}`);
    await expect
      .poll(async () => {
        const shown = await rows(page).allTextContents();
        return shown.length > 0 && shown.every((row) => row.includes("GitHub"));
      })
      .toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("hands over all that is filtered, as JSON a line and as CSV, and reads on below", async () => {
    const { studio, page, complaints, context } = await open();
    for (let more = 0; more < 110; more++) await journey.server.api("GET", `/vault/entries/${entryId}/code`);
    // A page that showed the code for longer than its window has read it once more.
    const all = (await journey.server.api("GET", "/audit-events?action=vault.code_read&limit=500")).body
      .audit_events.length;
    expect(all).toBeGreaterThan(110);
    await page.getByRole("combobox", { name: "What", exact: true }).selectOption("Read a service’s code");
    await expect.poll(() => rows(page).count()).toBe(100);
    await page.getByRole("button", { name: "Show older events" }).click();
    await expect.poll(() => rows(page).count()).toBe(all);
    const exported = async (words: string) => {
      await page.getByRole("button", { name: "Export what is filtered" }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: words }).click(),
      ]);
      return readFileSync(await file.path(), "utf8");
    };
    const menu = page.getByRole("button", { name: "Export what is filtered" });
    await menu.press("Enter");
    await menu.press("ArrowDown");
    const focused = () => studio.focusedText();
    const chosen: unknown[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "Home", "End"]) {
      chosen.push(await focused());
      await page.keyboard.press(key);
    }
    const [json, csvFile, range] = ["JSON, one event a line", "CSV, for a spreadsheet", "A range…"];
    expect([...chosen, await focused()]).toEqual([json, csvFile, range, json, range]);
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Export");
    const lines = (await exported("JSON, one event a line")).trimEnd().split("\n");
    // The last line is the seal.
    expect(JSON.parse(lines.pop() ?? "")).toMatchObject({ export: { rows: all, filtered: true } });
    expect(lines).toHaveLength(all);
    expect(new Set(lines.map((line) => JSON.parse(line).action))).toEqual(new Set(["vault.code_read"]));
    const csv = (await exported("CSV, for a spreadsheet")).trimEnd().split("\r\n");
    expect(csv).toHaveLength(all + 1);
    expect(csv[0]).toMatch(/^id,at,actor_kind,actor,/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("shows the seal, each row's place and streams that are behind, verifies the log, and exports a range", async () => {
    const { studio, page, complaints, context } = await open();
    const bar = page.getByRole("region", { name: "Seal of the log" });
    await bar.getByText(/^Sealed up to row \d+, .*, key [\w-]{8}…$/).waitFor();
    await rows(page)
      .filter({ hasText: /row \d+/ })
      .first()
      .waitFor();
    await bar.getByText(/archive: behind by \d+ rows since .* The file cannot be written/).waitFor();
    await bar.getByRole("button", { name: "Verify" }).click();
    await bar.getByText(/^The log is whole: \d+ sealed rows/).waitFor();
    await page.getByRole("button", { name: "Export what is filtered" }).click();
    await page.getByRole("button", { name: "A range…" }).click();
    const dialog = page.getByRole("dialog", { name: "Export a range" });
    await dialog.getByLabel("From row").fill("2");
    await dialog.getByLabel("To row").fill("3");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Export", exact: true }).click(),
    ]);
    const lines = readFileSync(await file.path(), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line).sequence)).toEqual([2, 3, undefined]);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
