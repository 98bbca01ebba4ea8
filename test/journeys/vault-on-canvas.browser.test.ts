import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { usernameOf } from "../../plugin/username.ts";
import { type Clock, systemClock } from "../../server/clock.ts";
import { launchBrowser, type WatchedPage } from "../support/browser.ts";
import {
  buildStudio,
  handleAt,
  openStudio,
  runStatus,
  savedMark,
  sendMessage,
  seriousAxeProblems,
  wire,
} from "../support/browser-studio.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";
import { independentCode } from "../support/independent-code.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

/** One clock for the server and the page, moved by hand. */
let serverNow = Math.ceil(Date.now() / 300_000) * 300_000;
const clock: Clock = { now: () => new Date(serverNow), sleep: systemClock.sleep };

let server: TestServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let slug: string;
/** Every code that was asked for. */
let asked: string[];

beforeAll(async () => {
  await buildStudio();
  [server, browser] = await Promise.all([startTestServer({ clock }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => watched?.context.close());

const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const parameters = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const addEntry = async (name: string, oneTime: object = {}, more: object = {}): Promise<string> => {
  const { body } = await server.api("POST", "/vault/entries", {
    name,
    one_time: { secret: seed, ...oneTime },
    ...more,
  });
  return body.id;
};
const grantsOf = async (id: string) => (await server.api("GET", `/vault/entries/${id}/grants`)).body.grants;

const at = (id: string, type: string, x: number, y: number, config = {}) => ({
  ...node(id, type, config),
  position: { x, y },
});
const steps = [{ tool: "vault_totp" }, { say: "Logged in." }];
const workflow = (entry = "", wired = true) => ({
  nodes: [
    at("chat", "trigger_chat", 0, 0),
    at("agent", "agent", 300, 0),
    at("model", "ai_model", 60, 240, { provider: "scripted", steps }),
    at("create", "create_agent_user", 300, 240),
    at("vault", "vault_totp", 560, 240, { entry }),
    at("other", "whoami", 800, 240),
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
  watched = await openStudio(browser, server, "/", {
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  page = watched.page;
  asked = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith("/code")) asked.push(request.url());
  });
  await page.clock.setFixedTime(serverNow);
  await page.goto(`${server.url}/w/${slug}`);
  await row().waitFor();
}

async function moveTo(ms: number): Promise<void> {
  serverNow = ms;
  await page.clock.setFixedTime(ms);
}

const card = (): Locator => page.locator('.react-flow__node[data-id="vault"]');
const row = (): Locator => card().locator(".totem-code");
const digits = (): Locator => card().locator(".totem-code__digits");
const badge = (): Locator => card().locator('.totem-badge[data-status="problem"]');
const panel = (): Locator => page.getByRole("complementary", { name: "Settings" });
const choice = (): Locator => panel().getByLabel("Entry");
const shownCode = async (): Promise<string> => ((await digits().textContent()) ?? "").replace(/\D/g, "");

async function openSettings(): Promise<void> {
  await card().click({ position: { x: 30, y: 12 } });
  await choice().waitFor();
}

async function press(): Promise<void> {
  const box = await card().locator(".totem-code__hold").boundingBox();
  if (!box) throw new Error("There is nothing to hold.");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
}

describe("a vault entry on the canvas", () => {
  it("is chosen by name, granted with what that means, shown, and read in a run", async () => {
    slug = await server.addWorkflow(workflow(), "Vault chosen");
    const username = usernameOf(slug, "agent");
    const id = await addEntry("github");
    await server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "agent_user", name: (await server.call(slug, "create")).body.username },
      rights: ["data"],
    });
    const granted = await addEntry("granted");
    await server.api("PUT", `/vault/entries/${granted}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["codes"],
    });
    await server.api("POST", "/vault/entries", { name: "no second factor", data: { a: "b" } });
    await open();
    await row().getByText("No entry chosen").waitFor();
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
    await panel()
      .getByText(
        `${username} will be able to read the codes of “github”; it can be taken away on the vault page.`,
      )
      .waitFor();
    await badge().waitFor();
    expect(await badge().getAttribute("title")).toBe(`${username} may not read the codes of “github” yet.`);
    await panel().getByRole("button", { name: "Grant" }).click();
    await badge().waitFor({ state: "detached" });
    expect(await panel().locator('[data-part="vault-grant"]').count()).toBe(0);
    // What was granted before stays.
    expect(await grantsOf(id)).toMatchObject([
      { grantee: { kind: "agent_user", name: username }, rights: ["codes", "data"] },
    ]);
    await expect.poll(groupsOf).toEqual([[`${username} may read`, "github", "granted"]]);

    // The ring: nobody is asked before somebody holds it.
    await page.locator('.totem-code[data-code="live"]').waitFor();
    expect(asked).toEqual([]);
    expect(await digits().textContent()).toBe("••• •••");
    await moveTo(serverNow + 5_000);
    await press();
    await expect.poll(shownCode).toMatch(/^\d{6}$/);
    const code = independentCode(seed, parameters, new Date(serverNow));
    expect(await shownCode()).toBe(code);
    await page.mouse.up();
    expect(await digits().textContent()).toBe("••• •••");
    await card().locator(".totem-code__copy").click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(code);
    expect(asked).toHaveLength(1);
    expect(await page.content()).not.toContain(code);
    await moveTo(serverNow + 21_000);
    await row().locator(":scope[data-low]").waitFor();

    await savedMark(page).waitFor();
    await sendMessage(page, "Log in.");
    await runStatus(page, "succeeded").waitFor();
    const [run] = (await server.api("GET", `/workflows/${slug}/runs`)).body.runs;
    const { events } = (await server.api("GET", `/runs/${run.id}`)).body;
    expect(JSON.stringify(events)).toContain('"name":"github"');
    expect(watched.complaints).toEqual([]);
  });

  it("offers the grant where a wire is drawn without it", async () => {
    slug = await server.addWorkflow(workflow("wired", false), "Vault wired");
    const username = usernameOf(slug, "agent");
    const id = await addEntry("wired");
    await server.call(slug, "create", {}, "agent");
    await open();
    await page.locator('.totem-code[data-code="live"]').waitFor();
    // Unwired, that is what is wrong with it.
    expect(await badge().getAttribute("title")).not.toContain(username);
    await wire(page, handleAt(page, "vault", "sub-source"), handleAt(page, "agent", "tools"));
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
    slug = await server.addWorkflow(workflow("early"), "Vault early");
    const username = usernameOf(slug, "agent");
    const first = await addEntry("early");
    await open();
    await badge().waitFor();
    await openSettings();
    await panel()
      .getByText(`${username} has no account yet. Run Create Agent User first;`, { exact: false })
      .waitFor();
    expect(await panel().getByRole("button", { name: "Grant" }).count()).toBe(0);

    await server.call(slug, "create");
    const { body } = await server.api("POST", "/keys", {
      name: "second",
      scopes: ["vault:write", "vault:read"],
    });
    await server.as(body.key)("POST", "/vault/entries", { name: "early", one_time: { secret: seed } });
    await page.reload();
    await openSettings();
    await row().getByText("Several entries have this name").waitFor();
    await panel().getByRole("button", { name: "Grant that of second" }).waitFor();
    await panel().getByRole("button", { name: "Grant that of the administrators" }).click();
    await page.locator('.totem-code[data-code="live"]').waitFor();
    expect(await grantsOf(first)).toHaveLength(1);

    await server.api("DELETE", `/vault/entries/${first}`);
    await page.reload();
    await openSettings();
    await panel().getByRole("button", { name: "Grant" }).waitFor();
    slug = await server.addWorkflow(workflow("gone"), "Vault gone");
    await page.goto(`${server.url}/w/${slug}`);
    await row().getByText("No such entry").waitFor();
    await openSettings();
    await panel().getByText("There is no entry “gone” that you can see.").waitFor();
    expect(await choice().evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text)).toBe(
      "gone (missing)",
    );
    expect(watched.complaints).toEqual([]);
  });

  it("has eight digits and five minutes where its service wants them, and uses no counter up", async () => {
    await addEntry("bank", { digits: 8, period: 300 });
    slug = await server.addWorkflow(workflow("bank", false), "Vault bank");
    await open();
    await page.locator('.totem-code[data-code="live"]').waitFor();
    expect(await digits().textContent()).toBe("•••• ••••");
    await press();
    await expect
      .poll(shownCode)
      .toBe(independentCode(seed, { ...parameters, digits: 8, period: 300 }, new Date(serverNow)));
    await page.mouse.up();

    const counted = await addEntry("counted", { type: "hotp" });
    slug = await server.addWorkflow(workflow("counted", false), "Vault counted");
    await page.goto(`${server.url}/w/${slug}`);
    await row().getByText("Counter-based: read it in a run").waitFor();
    expect(await card().locator("button").count()).toBe(0);
    expect((await server.api("GET", `/vault/entries/${counted}`)).body.last_used_at).toBeNull();

    await addEntry("waits", {}, { pending: true });
    slug = await server.addWorkflow(workflow("waits", false), "Vault waits");
    await page.goto(`${server.url}/w/${slug}`);
    await row().getByText("Not confirmed yet").waitFor();
    expect(asked).toHaveLength(1);
    expect(watched.complaints).toEqual([]);
  });

  it("says who can read it and dims everything else", async () => {
    const name = "read";
    slug = await server.addWorkflow(workflow(name), "Vault readers");
    const username = usernameOf(slug, "agent");
    const id = await addEntry(name);
    await server.call(slug, "create");
    await open();
    await openSettings();
    await panel().getByRole("button", { name: "Grant" }).waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "agent_user", name: username },
      rights: ["codes"],
    });
    await page.reload();
    await openSettings();
    await panel().getByRole("button", { name: "Who can read this?" }).click();
    const readers = page.getByRole("region", { name: "Who can read this?" });
    await readers.locator("li").nth(1).waitFor();
    const said = await readers.locator("li").allTextContents();
    expect(said).toHaveLength(2);
    expect(said[0]).toBe("AdministratorsThe entry is theirs.");
    expect(said[1]).toMatch(new RegExp(`^${username} \\(agent\\).+ granted it on .+\\.$`));
    const undimmed = () =>
      page
        .locator(".react-flow__node:not(:has(.totem-card[data-dimmed]))")
        .evaluateAll((nodes) => nodes.map((each) => (each as HTMLElement).dataset.id).sort());
    await expect.poll(undimmed).toEqual(["agent", "vault"]);
    expect(await page.locator(".totem-edge:not([data-dimmed])").count()).toBe(1);
    // Dimmed cards are out of the question for contrast: they are what one is not to look at.
    expect((await seriousAxeProblems(page)).filter((problem) => !problem.includes("color-contrast"))).toEqual(
      [],
    );
    await page.keyboard.press("Escape");
    await readers.waitFor({ state: "detached" });
    await expect.poll(undimmed).toHaveLength(6);
    expect(await seriousAxeProblems(page)).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});
