import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { usernameOf } from "../../plugin/username.ts";
import { type Clock, systemClock } from "../../server/clock.ts";
import type { WatchedPage } from "../support/browser.ts";
import { flowEdge, modelEdge, nodeAt, toolEdge } from "../support/build-workflow.ts";
import { CodeCard } from "../support/code-card.ts";
import { independentCode } from "../support/independent-code.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";

/** One clock for the server and the page, moved by hand. */
let serverNow = Math.ceil(Date.now() / 300_000) * 300_000;
const clock: Clock = { now: () => new Date(serverNow), sleep: systemClock.sleep };

let watched: WatchedPage;
let page: Page;
let studio: StudioPage;
let slug: string;
let shown: CodeCard;
/** Every code that was asked for. */
let asked: readonly string[];

const journey = startJourney({ clock });
afterEach(() => watched?.context.close());

const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const parameters = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const addEntry = async (name: string, oneTime: object = {}, more: object = {}): Promise<string> => {
  const { body } = await journey.server.api("POST", "/vault/entries", {
    name,
    one_time: { secret: seed, ...oneTime },
    ...more,
  });
  return body.id;
};
const grantsOf = async (id: string) =>
  (await journey.server.api("GET", `/vault/entries/${id}/grants`)).body.grants;

const steps = [{ tool: "vault_totp" }, { say: "Logged in." }];
const workflow = (entry = "", wired = true) => ({
  nodes: [
    nodeAt([0, 0], "chat", "trigger_chat"),
    nodeAt([300, 0], "agent", "agent"),
    nodeAt([60, 240], "model", "ai_model", { provider: "scripted", steps: steps as never }),
    nodeAt([300, 240], "create", "create_agent_user"),
    nodeAt([560, 240], "vault", "vault_totp", { entry }),
    nodeAt([800, 240], "other", "whoami"),
  ],
  edges: [
    flowEdge("chat", "agent"),
    modelEdge("model"),
    toolEdge("create"),
    toolEdge("other"),
    ...(wired ? [toolEdge("vault")] : []),
  ],
});

async function open(options: BrowserContextOptions = {}) {
  watched = await journey.open("/", { ...withClipboard, ...options });
  ({ page, studio } = watched);
  shown = new CodeCard(studio, "vault");
  asked = shown.asked();
  await page.clock.setFixedTime(serverNow);
  await page.goto(`${journey.server.url}/w/${slug}`);
  await shown.row.waitFor();
}

async function moveTo(ms: number): Promise<void> {
  serverNow = ms;
  await page.clock.setFixedTime(ms);
}

const badge = (): Locator => shown.card.locator('.totem-badge[data-status="problem"]');
const choice = (): Locator => studio.settings().getByLabel("Entry");
async function openSettings(): Promise<void> {
  await shown.card.click({ position: { x: 30, y: 12 } });
  await choice().waitFor();
}

describe("a vault entry on the canvas", () => {
  it("is chosen by name, granted with what that means, shown, and read in a run", async () => {
    slug = await journey.server.addWorkflow(workflow(), "Vault chosen");
    const username = usernameOf(slug, "agent");
    const id = await addEntry("github");
    await journey.server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "agent_user", name: (await journey.server.call(slug, "create")).body.username },
      rights: ["data"],
    });
    const granted = await addEntry("granted");
    await journey.server.api("PUT", `/vault/entries/${granted}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["codes"],
    });
    await journey.server.api("POST", "/vault/entries", { name: "no second factor", data: { a: "b" } });
    await open();
    await shown.row.getByText("No entry chosen").waitFor();
    await openSettings();
    const groupsOf = () =>
      choice().evaluate((select) =>
        [...select.querySelectorAll("optgroup")].map(({ label, children }) => [
          label,
          ...[...children].map(({ textContent }) => textContent),
        ]),
      );
    await expect.poll(groupsOf).toEqual([
      [`${username} may read`, "granted"],
      ["Others", "github"],
    ]);
    await choice().selectOption("github");
    await studio
      .settings()
      .getByText(
        `${username} will be able to read the codes of “github”; it can be taken away on the vault page.`,
      )
      .waitFor();
    await badge().waitFor();
    expect(await badge().getAttribute("title")).toBe(`${username} may not read the codes of “github” yet.`);
    await studio.settings().getByRole("button", { name: "Grant" }).click();
    await badge().waitFor({ state: "detached" });
    expect(await studio.settings().locator('[data-part="vault-grant"]').count()).toBe(0);
    // What was granted before stays.
    expect(await grantsOf(id)).toMatchObject([
      { grantee: { kind: "agent_user", name: username }, rights: ["codes", "data"] },
    ]);
    await expect.poll(groupsOf).toEqual([[`${username} may read`, "github", "granted"]]);

    // The ring: nobody is asked before somebody holds it.
    await page.locator('.totem-code[data-code="live"]').waitFor();
    expect(asked).toEqual([]);
    expect(await shown.digits.textContent()).toBe("••• •••");
    await moveTo(serverNow + 5_000);
    await shown.press();
    await expect.poll(() => shown.shownCode()).toMatch(/^\d{6}$/);
    const code = independentCode(seed, parameters, new Date(serverNow));
    expect(await shown.shownCode()).toBe(code);
    await page.mouse.up();
    expect(await shown.digits.textContent()).toBe("••• •••");
    await shown.copy.click();
    await expect.poll(() => studio.clipboard()).toBe(code);
    expect(asked).toHaveLength(1);
    expect(await page.content()).not.toContain(code);
    await moveTo(serverNow + 21_000);
    await shown.row.locator(":scope[data-low]").waitFor();

    await studio.savedMark().waitFor();
    await studio.sendMessage("Log in.");
    await studio.runStatus("succeeded").waitFor();
    const [run] = (await journey.server.api("GET", `/workflows/${slug}/runs`)).body.runs;
    const { events } = (await journey.server.api("GET", `/runs/${run.id}`)).body;
    expect(JSON.stringify(events)).toContain('"name":"github"');
    expect(watched.complaints).toEqual([]);
  });

  it("offers the grant where a wire is drawn without it", async () => {
    slug = await journey.server.addWorkflow(workflow("wired", false), "Vault wired");
    const username = usernameOf(slug, "agent");
    const id = await addEntry("wired");
    await journey.server.call(slug, "create", {}, "agent");
    await open();
    await page.locator('.totem-code[data-code="live"]').waitFor();
    // Unwired, that is what is wrong with it.
    expect(await badge().getAttribute("title")).not.toContain(username);
    await studio.wire(studio.handleAt("vault", "sub-source"), studio.handleAt("agent", "tools"));
    const toast = page.locator('[data-part="toast"]', {
      hasText: `${username} may not read the codes of “wired” yet.`,
    });
    await toast.waitFor();
    expect(await toast.textContent()).toContain(`${username} will be able to read the codes of “wired”`);
    await expect.poll(() => badge().getAttribute("title")).toContain(username);
    expect(await grantsOf(id)).toEqual([]);
    await toast.getByRole("button", { name: "Grant" }).click();
    await badge().waitFor({ state: "detached" });
    expect(await grantsOf(id)).toMatchObject([{ grantee: { name: username }, rights: ["codes"] }]);
    expect(watched.complaints).toEqual([]);
  });

  it("says what is missing first: an account, an entry, or one of several", async () => {
    slug = await journey.server.addWorkflow(workflow("early"), "Vault early");
    const username = usernameOf(slug, "agent");
    const first = await addEntry("early");
    await open();
    await badge().waitFor();
    await openSettings();
    await studio
      .settings()
      .getByText(`${username} has no account yet. Run Create Agent User first;`, { exact: false })
      .waitFor();
    expect(await studio.settings().getByRole("button", { name: "Grant" }).count()).toBe(0);

    await journey.server.call(slug, "create");
    const { body } = await journey.server.api("POST", "/keys", {
      name: "second",
      scopes: ["vault:write", "vault:read"],
    });
    await journey.server.as(body.key)("POST", "/vault/entries", {
      name: "early",
      one_time: { secret: seed },
    });
    await page.reload();
    await openSettings();
    await shown.row.getByText("Several entries have this name").waitFor();
    await studio.settings().getByRole("button", { name: "Grant that of second" }).waitFor();
    await studio.settings().getByRole("button", { name: "Grant that of the workspace" }).click();
    await page.locator('.totem-code[data-code="live"]').waitFor();
    expect(await grantsOf(first)).toHaveLength(1);

    await journey.server.api("DELETE", `/vault/entries/${first}`);
    await page.reload();
    await openSettings();
    await studio.settings().getByRole("button", { name: "Grant" }).waitFor();
    slug = await journey.server.addWorkflow(workflow("gone"), "Vault gone");
    await page.goto(`${journey.server.url}/w/${slug}`);
    await shown.row.getByText("No such entry").waitFor();
    await openSettings();
    await studio.settings().getByText("There is no entry “gone” that you can see.").waitFor();
    expect(await choice().evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text)).toBe(
      "gone (missing)",
    );
    expect(watched.complaints).toEqual([]);
  });

  it("has eight digits and five minutes where its service wants them, and uses no counter up", async () => {
    await addEntry("bank", { digits: 8, period: 300 });
    slug = await journey.server.addWorkflow(workflow("bank", false), "Vault bank");
    await open();
    await page.locator('.totem-code[data-code="live"]').waitFor();
    expect(await shown.digits.textContent()).toBe("•••• ••••");
    await shown.press();
    await expect
      .poll(() => shown.shownCode())
      .toBe(independentCode(seed, { ...parameters, digits: 8, period: 300 }, new Date(serverNow)));
    await page.mouse.up();

    const counted = await addEntry("counted", { type: "hotp" });
    slug = await journey.server.addWorkflow(workflow("counted", false), "Vault counted");
    await page.goto(`${journey.server.url}/w/${slug}`);
    await shown.row.getByText("Counter-based: read it in a run").waitFor();
    expect(await shown.card.locator("button").count()).toBe(0);
    expect((await journey.server.api("GET", `/vault/entries/${counted}`)).body.last_used_at).toBeNull();

    await addEntry("waits", {}, { pending: true });
    slug = await journey.server.addWorkflow(workflow("waits", false), "Vault waits");
    await page.goto(`${journey.server.url}/w/${slug}`);
    await shown.row.getByText("Not confirmed yet").waitFor();
    expect(asked).toHaveLength(1);
    expect(watched.complaints).toEqual([]);
  });

  it("says who can read it and dims everything else", async () => {
    const name = "read";
    slug = await journey.server.addWorkflow(workflow(name), "Vault readers");
    const username = usernameOf(slug, "agent");
    const id = await addEntry(name);
    await journey.server.call(slug, "create");
    await open();
    await openSettings();
    await studio.settings().getByRole("button", { name: "Grant" }).waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await journey.server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["codes"],
    });
    await page.reload();
    await openSettings();
    await studio.settings().getByRole("button", { name: "Who can read this?" }).click();
    const readers = studio.readers();
    await readers.locator("li").nth(1).waitFor();
    const said = await readers.locator("li").allTextContents();
    expect(said).toHaveLength(2);
    expect(said[0]).toBe("Owner (owner)Owners manage every entry.");
    expect(said[1]).toMatch(new RegExp(`^${username} \\(agent\\).+ granted it on .+\\.$`));
    await expect.poll(() => studio.undimmedNodes()).toEqual(["agent", "vault"]);
    expect(await page.locator(".totem-edge:not([data-dimmed])").count()).toBe(1);
    // Dimmed cards are out of the question for contrast: they are what one is not to look at.
    expect(
      (await studio.seriousAxeProblems()).filter((problem) => !problem.includes("color-contrast")),
    ).toEqual([]);
    await page.keyboard.press("Escape");
    await readers.waitFor({ state: "detached" });
    await expect.poll(() => studio.undimmedNodes()).toHaveLength(6);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});
