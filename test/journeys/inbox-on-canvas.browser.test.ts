import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { startJourney } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";
import { startWaiting } from "../support/waiting-run.ts";
import { withoutRandom } from "../support/without-random.ts";

const journey = startJourney();

const waitOf = (studio: StudioPage): Locator => studio.card("wait_for_code").locator(".totem-card__wait");
const envelopeOf = (studio: StudioPage): Locator => studio.edge("wait-agent").locator(".totem-arrival");
const picker = (page: Page): Locator =>
  page.getByRole("dialog", { name: /^(Which code is it\?|Give the code)$/ });

async function watch(name: string, options = {}) {
  const run = await startWaiting(journey.server, name);
  const watched = await journey.open(`/w/${run.slug}`, options);
  await waitOf(watched.studio).getByText("Waiting for a message").waitFor();
  return { ...run, ...watched };
}

describe("a run that waits for a code", () => {
  it("shows the wait and its countdown, the message along its edge, and goes on", async () => {
    const { studio, page, agent, complaints, context } = await watch("Arrives");
    const left = async () => Number(/(\d+) s/.exec((await waitOf(studio).textContent()) ?? "")?.[1]);
    const first = await left();
    await expect.poll(left).toBeLessThan(first);
    await waitOf(studio).locator(".totem-wait__ring").waitFor();
    await studio.conversation().getByText("Waiting for a message").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);

    const seen = envelopeOf(studio).waitFor({ state: "attached" });
    await journey.deliver("Your login code is 482913", agent);
    await seen;
    await studio.conversation().getByText("A code was given.").waitFor();
    await studio.runStatus("succeeded").waitFor();
    await envelopeOf(studio).waitFor({ state: "detached" });
    await waitOf(studio).waitFor({ state: "detached" });
    expect(withoutRandom(await page.content())).not.toContain("482913");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("asks a person which code is meant, who picks it with the mouse", async () => {
    const { studio, page, agent, id, complaints, context } = await watch("Picks by mouse");
    await journey.deliver("Your code is 482913 or your code is 771204", agent);
    await waitOf(studio).getByText("Not sure which code is meant").waitFor();
    await envelopeOf(studio).waitFor({ state: "attached" });
    await studio.conversation().getByText("Not sure which code is meant.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await waitOf(studio).getByRole("button", { name: "Pick the code" }).click();
    const dialog = picker(page);
    await dialog.getByText(agent, { exact: false }).first().waitFor();
    await dialog.locator("code", { hasText: "482913" }).waitFor();
    // Nothing is chosen beforehand: that would be a guess.
    expect(await dialog.locator("input[type=radio]:checked").count()).toBe(0);
    await dialog.getByRole("button", { name: "Give the code" }).click();
    await dialog.getByText("Pick a code, or type the one you have.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.locator("code", { hasText: "771204" }).click();
    await dialog.getByRole("button", { name: "Give the code" }).click();
    await page.getByText("The agent has its code.").waitFor();
    await studio.runStatus("succeeded").waitFor();
    const { messages } = (await journey.server.api("GET", `/inbox/messages?agent=${agent}`)).body;
    expect(messages[0].taken).toMatchObject({ run_id: id });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is helped by the keys alone, from the conversation", async () => {
    const { studio, page, agent, complaints, context } = await watch("Keys");
    await journey.deliver("Your code is 482913 or your code is 771204", agent);
    await studio.conversation().getByRole("button", { name: "Pick the code" }).focus();
    await page.keyboard.press("Enter");
    const dialog = picker(page);
    await dialog.locator("code", { hasText: "482913" }).waitFor();
    await expect.poll(() => studio.focusedAttribute("name")).toBe("pick");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    const picked = dialog.locator("label", { has: page.locator("input:checked") });
    expect(await picked.textContent()).toMatch(/482913|771204/);
    await page.keyboard.press("Enter");
    await studio.runStatus("succeeded").waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is given by hand a code that came another way, also while nothing has arrived", async () => {
    const { studio, page, complaints, context } = await watch("By hand");
    await studio.card("wait_for_code").click({ position: { x: 30, y: 12 } });
    const settings = page.getByRole("region", { name: "Waiting now" });
    await settings.getByRole("button", { name: "Give the code by hand" }).click();
    await expect.poll(() => studio.focusedAttribute("name")).toBe("code");
    await picker(page).waitFor();
    await page.keyboard.type("551 203");
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await page.keyboard.press("Enter");
    await studio.runStatus("succeeded").waitFor();
    await settings.waitFor({ state: "detached" });
    expect(withoutRandom(await page.content())).not.toContain("551 203");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("with reduced motion, has the seconds as digits alone and an envelope that stands still", async () => {
    const { studio, agent, complaints, context } = await watch("Still", { reducedMotion: "reduce" });
    expect(await waitOf(studio).locator(".totem-wait__ring").isVisible()).toBe(false);
    expect(await waitOf(studio).textContent()).toMatch(/\d+ s/);
    await journey.deliver("Your code is 482913 or your code is 771204", agent);
    await envelopeOf(studio).waitFor({ state: "attached" });
    const motion = await envelopeOf(studio).evaluate((one) => getComputedStyle(one).animationName);
    expect(motion).toBe("none");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is looked back at with its wait and what arrived for it", async () => {
    const { slug, id, agent, statusNow } = await startWaiting(journey.server, "Looked back");
    await journey.deliver("Your login code is 482913", agent);
    await expect.poll(statusNow).toBe("succeeded");
    const { studio, complaints, context } = await journey.open(`/w/${slug}?run=${id}`);
    const slider = studio.stepSlider();
    await slider.focus();
    await slider.press("Home");
    const story: string[] = [];
    for (let step = 0; step < 40; step++) {
      const told = (await studio.stepCard().locator("p").first().textContent()) ?? "";
      story.push(told);
      if (told.includes("a code was given")) break;
      await slider.press("ArrowRight");
    }
    expect(story.join("\n")).toMatch(/wait_for_code: waits for a message with a code, for \d+ s at most\./);
    await envelopeOf(studio).waitFor({ state: "attached" });
    await waitOf(studio).getByText("A code was given").waitFor();
    // The past cannot be helped.
    expect(await waitOf(studio).getByRole("button").count()).toBe(0);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
