import type { BrowserContextOptions, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../server/clock.ts";
import type { WatchedPage } from "../support/browser.ts";
import { agentWorkflow, placed } from "../support/build-workflow.ts";
import { CodeCard } from "../support/code-card.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";

/** One clock for the server and the page, moved by hand; every test has windows of its own. */
let windowStart = Math.ceil(Date.now() / 30_000) * 30_000;
let serverNow = windowStart;
let behindMs = 0;
const clock: Clock = { now: () => new Date(serverNow), sleep: systemClock.sleep };

let slug: string;
let code: CodeCard;
let watched: WatchedPage;
let page: Page;
let studio: StudioPage;
/** Every code that was asked for. */
let asked: readonly string[];

const journey = startJourney({ clock });

const positions: Record<string, [number, number]> = {
  chat: [0, 0],
  agent: [300, 0],
  model: [40, 240],
  create: [270, 240],
  code: [500, 240],
  verify: [730, 240],
  whoami: [960, 240],
  platform: [960, 0],
};

beforeEach(async () => {
  windowStart = (Math.floor(serverNow / 30_000) + 1) * 30_000;
  serverNow = windowStart;
  const { nodes, edges } = agentWorkflow([{ tool: "create_agent_user" }, { say: "I am somebody." }]);
  slug = await journey.server.addWorkflow({ nodes: placed(nodes, positions), edges }, "Rings");
});
afterEach(() => watched?.context.close());

const enroll = () => journey.server.call(slug, "create", {}, "agent");

/** The page with its clock set by hand, and so much behind the server's. */
async function open({ behind = 0, ...options }: BrowserContextOptions & { behind?: number } = {}) {
  behindMs = behind;
  watched = await journey.open("/", { ...withClipboard, ...options });
  ({ page, studio } = watched);
  code = new CodeCard(studio, "code");
  asked = code.asked();
  await page.clock.setFixedTime(serverNow - behindMs);
  await page.goto(`${journey.server.url}/w/${slug}`);
  await code.row.waitFor();
}

/** Moves both clocks to so many milliseconds after the first window began. Timers go on as they do. */
async function moveTo(ms: number): Promise<void> {
  serverNow = windowStart + ms;
  await page.clock.setFixedTime(serverNow - behindMs);
}

/** How much of the ring is drawn, 0 to 1. */
const drawn = (): Promise<number> =>
  code.card
    .locator(".totem-ring__arc")
    .evaluate((arc: SVGElement) => 1 + Number.parseFloat(arc.style.strokeDashoffset));

const masked = "••• •••";

describe("the ring on the card of a code", () => {
  it("shows at any time what is left of the window, low in its last seconds, and asks nobody", async () => {
    await enroll();
    await open();
    for (const [at, left] of [
      [4_000, 26],
      [9_400, 21],
      [18_000, 12],
      [24_950, 6],
      [26_000, 4],
      [29_500, 1],
      [30_000, 30],
      [51_000, 9],
    ] as const) {
      await moveTo(at);
      await expect.poll(drawn, { message: `${at} ms`, timeout: 5_000 }).toBeCloseTo(left / 30, 5);
      expect((await code.row.getAttribute("data-low")) !== null, `${at} ms`).toBe(left <= 5);
      expect(await code.card.locator(".totem-ring__digits").textContent()).toBe(left <= 5 ? `${left}` : "");
    }
    expect(asked).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it("follows the server's clock where the page's is wrong", async () => {
    await enroll();
    await open({ behind: 12_345 });
    await moveTo(20_000);
    await expect.poll(drawn, { timeout: 5_000 }).toBeCloseTo(10 / 30, 5);
    await code.press();
    await expect.poll(() => code.shownCode()).toMatch(/^\d{6}$/);
    await moveTo(29_000);
    await code.row.locator(":scope[data-low]").waitFor();
    expect(await code.shownCode()).toMatch(/^\d{6}$/);
    await moveTo(30_000);
    await expect.poll(() => code.digits.textContent(), { timeout: 5_000 }).toBe(masked);
    await page.mouse.up();
    expect(watched.complaints).toEqual([]);
  });

  it("shows the code while it is held and copies it, for one request a window", async () => {
    await enroll();
    await open();
    expect(await code.digits.textContent()).toBe(masked);

    await moveTo(5_000);
    await code.press();
    await expect.poll(() => code.shownCode()).toMatch(/^\d{6}$/);
    const first = await code.shownCode();
    await page.mouse.up();
    expect(await code.digits.textContent()).toBe(masked);
    await code.copy.click();
    await code.row.getByRole("status").getByText("Copied").waitFor({ state: "attached" });
    expect(await studio.clipboard()).toBe(first);

    // By keyboard, and only for as long as the key is down.
    await code.hold.focus();
    for (const key of ["Space", "Enter"]) {
      await page.keyboard.down(key);
      await expect.poll(() => code.shownCode()).toBe(first);
      expect(await code.digits.getAttribute("aria-hidden")).toBeNull();
      await page.keyboard.up(key);
      expect(await code.digits.textContent()).toBe(masked);
    }
    await code.press();
    await expect.poll(() => code.shownCode()).toBe(first);
    // Masked when the pointer leaves, or the focus.
    await page.mouse.move(5, 5);
    await expect.poll(() => code.digits.textContent()).toBe(masked);
    await page.mouse.up();
    await code.hold.focus();
    await page.keyboard.down("Space");
    await expect.poll(() => code.shownCode()).toBe(first);
    await code.copy.focus();
    expect(await code.digits.textContent()).toBe(masked);
    await page.keyboard.up("Space");
    // Masked when somebody looks elsewhere: another window, another tab.
    for (const away of ["blur", "visibilitychange"]) {
      await code.hold.focus();
      await page.keyboard.down("Space");
      await expect.poll(() => code.shownCode()).toBe(first);
      await page.evaluate((name) => {
        (name === "blur" ? window : document).dispatchEvent(new Event(name));
      }, away);
      expect(await code.digits.textContent(), away).toBe(masked);
      await page.keyboard.up("Space");
    }
    expect(asked).toHaveLength(1);
    for (const text of [first, `${first.slice(0, 3)} ${first.slice(3)}`])
      expect(await page.content()).not.toContain(text);
    expect((await journey.server.call(slug, "verify", { code: first }, "agent")).body).toMatchObject({
      valid: true,
    });

    // The window ends in the hand that holds it; the next one is asked for anew.
    await code.press();
    await expect.poll(() => code.shownCode()).toBe(first);
    await moveTo(30_000);
    await expect.poll(() => code.digits.textContent(), { timeout: 5_000 }).toBe(masked);
    await page.mouse.up();
    expect(await code.row.getByRole("status").textContent()).toBe("");
    expect(asked).toHaveLength(1);
    await code.press();
    await expect.poll(() => code.shownCode()).toMatch(/^\d{6}$/);
    const second = await code.shownCode();
    await page.mouse.up();
    expect(second).not.toBe(first);
    await code.copy.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => studio.clipboard()).toBe(second);
    expect(asked).toHaveLength(2);
    // Pressing on the code is not choosing the card.
    expect(await studio.settings().count()).toBe(0);
    expect(watched.complaints).toEqual([]);
  });

  it("says in its own place why there is none, and does not move when there is one", async () => {
    await open();
    await code.row.getByText("No account yet").waitFor();
    expect(await code.hold.count()).toBe(0);
    const { height } = (await code.card.boundingBox()) ?? {};
    await enroll();
    await page.reload();
    await page.locator('.totem-code[data-code="live"]').waitFor();
    expect((await code.card.boundingBox())?.height).toBe(height);

    // Disabled in the meantime: the server refuses, once.
    watched.expectComplaint(/4\d\d/);
    await journey.server.api("POST", `/agent-users/agent_${slug}_agent/disable`);
    await code.press();
    await code.row.getByRole("status").getByText("The account is disabled").waitFor({ state: "attached" });
    await page.mouse.up();
    await code.copy.click();
    expect((await code.card.boundingBox())?.height).toBe(height);
    expect(asked).toHaveLength(1);
    expect(watched.complaints).toEqual([]);
  });

  it("comes with the account a run makes, and goes with the wire", async () => {
    await open();
    await code.row.getByText("No account yet").waitFor();
    let lists = 0;
    page.on("request", (request) => {
      if (new URL(request.url()).pathname.endsWith("/identities")) lists++;
    });
    await studio.sendMessage("Who are you?");
    await studio.runStatus("succeeded").waitFor();
    await page.locator('.totem-code[data-code="live"]').waitFor();

    const known = lists;
    await studio.edge("code-agent").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Delete");
    await code.row.getByText("Not connected to an agent").waitFor();
    // Saved, it is asked who is who now.
    await expect.poll(() => lists).toBeGreaterThan(known);
    expect(asked).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it("gives digits to those who want no motion", async () => {
    await enroll();
    await open({ reducedMotion: "reduce" });
    const ring = code.card.locator(".totem-ring");
    for (const [at, left] of [
      [8_000, "22 s"],
      [12_500, "18 s"],
      [27_000, "3 s"],
    ] as const) {
      await moveTo(at);
      await expect.poll(() => ring.textContent(), { timeout: 5_000 }).toBe(left);
    }
    expect(await ring.locator("svg").isVisible()).toBe(false);
    expect(watched.complaints).toEqual([]);
  });

  it("has nothing that axe finds serious", async () => {
    await enroll();
    await open();
    await moveTo(6_000);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await moveTo(27_000);
    await code.row.locator(":scope[data-low]").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});
