import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { glob } from "node:fs/promises";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { openPage, type WatchedPage } from "./browser.ts";
import type { TestServer } from "./start-test-server.ts";

/** Builds the studio when its sources are newer than what was built: a journey shows what is written. */
export async function buildStudio(): Promise<void> {
  const built = changedAt("dist/studio/index.html");
  for await (const file of glob(["ui/**/*.*", "plugin/**/*.ts", "config/vite.studio.ts"]))
    if (changedAt(file) > built) return build();
}

/** In a process of its own: vitest's NODE_ENV would build React's development version. */
function build(): void {
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vite/bin/vite.js", "build", "--config", "config/vite.studio.ts", "--logLevel", "error"],
    {
      env: { ...process.env, NODE_ENV: "production" },
      stdio: "inherit",
    },
  );
  if (status !== 0) throw new Error("The studio does not build.");
}

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** A visitor who is signed in already and has opened `path`. */
export async function openStudio(
  browser: Browser,
  server: Pick<TestServer, "url" | "adminKey">,
  path = "/",
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  await watched.context.request.post(`${server.url}/api/v1/auth/sign-in`, {
    data: { key: server.adminKey },
    headers: { "x-totem-csrf": "1" },
  });
  await watched.page.goto(server.url + path);
  await watched.page.getByRole("heading", { name: "Totem studio" }).waitFor();
  return watched;
}

export const cardOf = (page: Page, type: string): Locator =>
  page.locator(`.react-flow__node .totem-card[data-node-type="${type}"]`);

export const nodeIdOf = (page: Page, type: string): Promise<string | null> =>
  page
    .locator(".react-flow__node", { has: page.locator(`.totem-card[data-node-type="${type}"]`) })
    .getAttribute("data-id");

/** A handle as tests know it: node type, kind and direction. */
export const handleOf = (
  page: Page,
  type: string,
  kind: "tool" | "llm" | "flow",
  direction: "source" | "target",
): Locator => cardOf(page, type).locator(`[data-handle-kind="${kind}"].${direction}`);

/** A handle by the ids it is saved under. */
export const handleAt = (page: Page, nodeId: string, handleId: string): Locator =>
  page.locator(`.react-flow__handle[data-nodeid="${nodeId}"][data-handleid="${handleId}"]`);

async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("This is not on the page.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags a card from the palette with the mouse; `place` is counted from the canvas's corner. */
export async function dragFromPalette(
  page: Page,
  type: string,
  place: { x: number; y: number },
): Promise<void> {
  const palette = page.locator(`.totem-palette__card[data-node-type="${type}"]`);
  await palette.scrollIntoViewIfNeeded();
  const from = await middleOf(palette);
  const canvas = await page.getByTestId("canvas").boundingBox();
  if (!canvas) throw new Error("There is no canvas.");
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 12, from.y + 6, { steps: 3 });
  await page.mouse.move(canvas.x + place.x, canvas.y + place.y, { steps: 8 });
  await page.mouse.up();
  await cardOf(page, type).last().waitFor();
}

/** Draws a wire with the mouse. With `onTheWay`, something is looked at before the button is let go. */
export async function wire(
  page: Page,
  from: Locator,
  to: Locator,
  onTheWay?: () => Promise<void>,
): Promise<void> {
  const [start, end] = [await middleOf(from), await middleOf(to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 });
  await page.mouse.move(end.x, end.y, { steps: 5 });
  await onTheWay?.();
  await page.mouse.up();
}

export const edgesOf = (page: Page): Locator => page.locator(".react-flow__edge .totem-edge");

/** The mark that says everything is on the server. */
export const savedMark = (page: Page): Locator => page.locator('[data-save="saved"]');

export const runStatus = (page: Page, status: string): Locator =>
  page.locator(`[data-testid="run-status"][data-status="${status}"]`);

export async function sendMessage(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message").fill(text);
  await page.getByLabel("Message").press("Enter");
}

export interface Picture {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly diamonds: readonly string[];
}

/** What a person sees of a workflow, in words that can be compared: places, states, and how diamonds are drawn. */
export const pictureOf = (page: Page): Promise<Picture> =>
  page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
    return {
      nodes: all(".react-flow__node").map((node) => {
        const card = node.querySelector<HTMLElement>(".totem-card");
        return `${node.dataset.id} ${node.style.transform} ${card?.dataset.nodeType} ${card?.dataset.status}`;
      }),
      edges: all(".react-flow__edge").map((edge) => {
        const line = edge.querySelector<HTMLElement>(".totem-edge");
        return `${edge.dataset.id} ${line?.dataset.edgeKind} ${line?.dataset.status}`;
      }),
      diamonds: all(".totem-handle--diamond").map((handle) => {
        const shape = getComputedStyle(handle, "::before");
        const place = handle.dataset;
        return `${place.nodeid} ${place.handleid} ${place.handlepos} ${shape.transform} ${shape.backgroundColor}`;
      }),
    };
  });

/**
 * The rules of WCAG the page breaks badly, in light or in dark, each with the places where it does. Only colours
 * depend on the theme, so the page is looked at in both as it stands: nobody has to lead it here twice.
 */
export async function seriousAxeProblems(page: Page): Promise<string[]> {
  // Through the debugger, not a script element: the page's own policy forbids foreign scripts.
  await page.evaluate(axe.source);
  const given = await themeOf(page);
  const problems: string[] = [];
  for (const theme of [given === "light" ? "dark" : "light", given] as const) {
    await page.emulateMedia({ colorScheme: theme });
    if ((await themeOf(page)) !== theme) throw new Error(`The page does not follow the theme to ${theme}.`);
    problems.push(...(await axeProblemsNow(page)).map((problem) => `in ${theme}, ${problem}`));
  }
  return problems;
}

const themeOf = (page: Page) =>
  page.evaluate(() => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

const axeProblemsNow = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    // Colours on their way to the other theme are nobody's.
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
