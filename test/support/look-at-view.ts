import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { StudioPage } from "./studio-page.ts";

export const desk = { width: 1360, height: 800 };
/** A telephone, and a small laptop at 200 %, which has half of its pixels. */
const narrow = { phone: { width: 360, height: 740 }, "200-percent": { width: 680, height: 430 } };

/** `TOTEM_PICTURES=folder` stores a picture of every view at every size. */
const pictures = process.env.TOTEM_PICTURES;

/**
 * What must hold in every view: axe has nothing serious to say in light or dark, nothing has to be scrolled sideways, and
 * what lies over the page lies within it and not over what it is about. `dimmed` says that part of it is meant not to be read.
 */
export async function look(studio: StudioPage, view: string, { dimmed = false } = {}): Promise<void> {
  const { page } = studio;
  const problems = await studio.seriousAxeProblems();
  expect(dimmed ? problems.filter((one) => !one.includes("color-contrast")) : problems, view).toEqual([]);
  await fits(page, view, desk.width);
  for (const [name, size] of Object.entries(narrow)) {
    await page.setViewportSize(size);
    await fits(page, `${view} on ${name}`, size.width);
  }
  await page.setViewportSize(desk);
  // The parts that only a wide window has must be back before the next key is pressed.
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(desk.width);
}

async function fits(page: Page, view: string, width: number): Promise<void> {
  await expect.poll(() => page.evaluate(whatIsOut), { message: view }).toEqual([]);
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({
      path: `${pictures}/${view.replaceAll(/\W+/g, "-")}-${colorScheme}-${width}.png`,
    });
  }
}

/** Runs in the page: what is partly outside of the window, in words. */
function whatIsOut(): string[] {
  const panels = '[data-part="panel"]';
  const out = [
    ...document.querySelectorAll(
      `dialog, [popover], [data-part="toast"], ${panels}, [data-testid="proof"], [data-part="readers"], [data-part="banner"] button`,
    ),
  ]
    .filter((one) => one.checkVisibility())
    .filter((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
    })
    .map((one) => `${one.className || one.tagName} reaches out of the window`);
  const panel = document.querySelector(panels)?.getBoundingClientRect();
  for (const one of document.querySelectorAll(
    '[data-part="banner"], [data-testid="proof"], [data-part="readers"]',
  )) {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const beside = panel && (right <= panel.left || left >= panel.right);
    if (panel && !beside && top < panel.bottom && bottom > panel.top)
      out.push(`the settings lie over ${one.className}`);
  }
  const { scrollWidth } = document.documentElement;
  return scrollWidth > innerWidth ? [`${scrollWidth} is wider than ${innerWidth}`, ...out] : out;
}
