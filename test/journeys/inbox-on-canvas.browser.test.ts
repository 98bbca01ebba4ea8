import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { buildStudio, cardOf, openStudio, runStatus, seriousAxeProblems } from "../support/browser-studio.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";
import { startWaiting } from "../support/waiting-run.ts";
import { withoutRandom } from "../support/without-random.ts";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  await buildStudio();
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function deliver(content: string, agent: string): Promise<void> {
  const body = { totp_identifier: agent, content };
  const answer = await server.send("POST", "/v1/credentials/totp", body, { "x-api-key": server.adminKey });
  expect(answer.status, answer.text).toBe(200);
}

const waitOf = (page: Page): Locator => cardOf(page, "wait_for_code").locator(".totem-card__wait");
const envelopeOf = (page: Page): Locator =>
  page.locator('.react-flow__edge[data-id="wait-agent"] .totem-arrival');
const picker = (page: Page): Locator =>
  page.getByRole("dialog", { name: /^(Which code is it\?|Give the code)$/ });
const log = (page: Page): Locator => page.getByRole("log", { name: "Conversation" });

async function watch(name: string, options = {}) {
  const run = await startWaiting(server, name);
  const watched = await openStudio(browser, server, `/w/${run.slug}`, options);
  await waitOf(watched.page).getByText("Waiting for a message").waitFor();
  return { ...run, ...watched };
}

describe("a run that waits for a code", () => {
  it("shows the wait and its countdown, the message along its edge, and goes on", async () => {
    const { page, agent, complaints, context } = await watch("Arrives");
    const left = async () => Number(/(\d+) s/.exec((await waitOf(page).textContent()) ?? "")?.[1]);
    const first = await left();
    await expect.poll(left).toBeLessThan(first);
    await waitOf(page).locator(".totem-wait__ring").waitFor();
    await log(page).getByText("Waiting for a message").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);

    const seen = envelopeOf(page).waitFor({ state: "attached" });
    await deliver("Your login code is 482913", agent);
    await seen;
    await log(page).getByText("A code was given.").waitFor();
    await runStatus(page, "succeeded").waitFor();
    await envelopeOf(page).waitFor({ state: "detached" });
    await waitOf(page).waitFor({ state: "detached" });
    expect(withoutRandom(await page.content())).not.toContain("482913");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("asks a person which code is meant, who picks it with the mouse", async () => {
    const { page, agent, id, complaints, context } = await watch("Picks by mouse");
    await deliver("Your code is 482913 or your code is 771204", agent);
    await waitOf(page).getByText("Not sure which code is meant").waitFor();
    await envelopeOf(page).waitFor({ state: "attached" });
    await log(page).getByText("Not sure which code is meant.").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await waitOf(page).getByRole("button", { name: "Pick the code" }).click();
    const dialog = picker(page);
    await dialog.getByText(agent, { exact: false }).first().waitFor();
    await dialog.locator("code", { hasText: "482913" }).waitFor();
    // Nothing is chosen beforehand: that would be a guess.
    expect(await dialog.locator("input[type=radio]:checked").count()).toBe(0);
    await dialog.getByRole("button", { name: "Give the code" }).click();
    await dialog.getByText("Pick a code, or type the one you have.").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await dialog.locator("code", { hasText: "771204" }).click();
    await dialog.getByRole("button", { name: "Give the code" }).click();
    await page.getByText("The agent has its code.").waitFor();
    await runStatus(page, "succeeded").waitFor();
    const { messages } = (await server.api("GET", `/inbox/messages?agent=${agent}`)).body;
    expect(messages[0].taken).toMatchObject({ run_id: id });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is helped by the keys alone, from the conversation", async () => {
    const { page, agent, complaints, context } = await watch("Keys");
    await deliver("Your code is 482913 or your code is 771204", agent);
    await log(page).getByRole("button", { name: "Pick the code" }).focus();
    await page.keyboard.press("Enter");
    const dialog = picker(page);
    await dialog.locator("code", { hasText: "482913" }).waitFor();
    await expect
      .poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name))
      .toBe("pick");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    const picked = dialog.locator("label", { has: page.locator("input:checked") });
    expect(await picked.textContent()).toMatch(/482913|771204/);
    await page.keyboard.press("Enter");
    await runStatus(page, "succeeded").waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is given by hand a code that came another way, also while nothing has arrived", async () => {
    const { page, complaints, context } = await watch("By hand");
    await cardOf(page, "wait_for_code").click({ position: { x: 30, y: 12 } });
    const settings = page.getByRole("region", { name: "Waiting now" });
    await settings.getByRole("button", { name: "Give the code by hand" }).click();
    await expect
      .poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name))
      .toBe("code");
    await picker(page).waitFor();
    await page.keyboard.type("551 203");
    expect(await seriousAxeProblems(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await runStatus(page, "succeeded").waitFor();
    await settings.waitFor({ state: "detached" });
    expect(withoutRandom(await page.content())).not.toContain("551 203");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("with reduced motion, has the seconds as digits alone and an envelope that stands still", async () => {
    const { page, agent, complaints, context } = await watch("Still", { reducedMotion: "reduce" });
    expect(await waitOf(page).locator(".totem-wait__ring").isVisible()).toBe(false);
    expect(await waitOf(page).textContent()).toMatch(/\d+ s/);
    await deliver("Your code is 482913 or your code is 771204", agent);
    await envelopeOf(page).waitFor({ state: "attached" });
    const motion = await envelopeOf(page).evaluate((one) => getComputedStyle(one).animationName);
    expect(motion).toBe("none");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is looked back at with its wait and what arrived for it", async () => {
    const { slug, id, agent, statusNow } = await startWaiting(server, "Looked back");
    await deliver("Your login code is 482913", agent);
    await expect.poll(statusNow).toBe("succeeded");
    const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}?run=${id}`);
    const slider = page.getByRole("slider", { name: "Step" });
    await slider.focus();
    await slider.press("Home");
    const story: string[] = [];
    for (let step = 0; step < 40; step++) {
      const told = (await page.getByTestId("step-card").locator("p").first().textContent()) ?? "";
      story.push(told);
      if (told.includes("a code was given")) break;
      await slider.press("ArrowRight");
    }
    expect(story.join("\n")).toMatch(/wait_for_code: waits for a message with a code, for \d+ s at most\./);
    await envelopeOf(page).waitFor({ state: "attached" });
    await waitOf(page).getByText("A code was given").waitFor();
    // The past cannot be helped.
    expect(await waitOf(page).getByRole("button").count()).toBe(0);
    expect(await seriousAxeProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
