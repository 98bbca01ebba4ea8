import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * The rules of WCAG that the page breaks badly, in light or in dark, each with the elements that break it. Only colours
 * depend on the theme, so the page is looked at in both as it stands: no journey has to come here twice.
 */
export async function axeProblems(page: Page): Promise<string[]> {
  // Through the debugger, not a script element: the page's own policy forbids foreign scripts.
  await page.evaluate(axe.source);
  const given = await themeOf(page);
  const problems: string[] = [];
  for (const theme of [given === "light" ? "dark" : "light", given] as const) {
    await page.emulateMedia({ colorScheme: theme });
    if ((await themeOf(page)) !== theme) throw new Error(`The page does not follow the theme to ${theme}.`);
    problems.push(...(await problemsNow(page)).map((problem) => `in ${theme}, ${problem}`));
  }
  return problems;
}

const themeOf = (page: Page) =>
  page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

const problemsNow = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    // Colours that still change to the other theme belong to neither.
    for (const animation of document.getAnimations())
      if (animation instanceof CSSTransition) animation.finish();
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(" ")} — ${node.failureSummary}`),
      );
  });
