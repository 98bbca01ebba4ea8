import type { Browser, Page } from "playwright-core";
import { median, report } from "../measure.ts";
import { type Frames, recordFrames, stopFrames } from "./frames.ts";

const nodeCount = 1_000;
const moves = 120;
const rounds = 5;

declare global {
  interface Window {
    drawn?: boolean;
    rendered: Map<string, number>;
  }
}

export async function openBenchPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  await page.goto(url);
  await page.waitForFunction(() => window.drawn === true, undefined, { timeout: 60_000 });
  return page;
}

/** Drags one node in steps of 5 px, as React Flow's own stress example does, and returns the time of each frame. */
async function dragOneNode(page: Page, id: string): Promise<Frames> {
  const box = await page.locator(`.react-flow__node[data-id="${id}"]`).boundingBox();
  if (!box) throw new Error("The node to drag is not on the page.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 5, y);
  await recordFrames(page);
  for (let move = 0; move < moves; move++) {
    // There and back, so the gesture ends at its start.
    const by = 5 * (move < moves / 2 ? move : moves - move);
    await page.mouse.move(x + 5 + by, y + by / 3);
  }
  const frames = await stopFrames(page);
  await page.mouse.up();
  return frames;
}

interface BenchView {
  /** 0 has all nodes in view. */
  readonly zoom: number;
  readonly words: string;
  /** A node that is in view. */
  readonly drag: string;
}

/** The 95th percentile of the frame times of a drag, ours over bare React Flow: the median of the rounds, pair by pair. */
export async function benchDrag(browser: Browser, url: string, view: BenchView): Promise<void> {
  const address = (kind: string) => `${url}/?kind=${kind}&nodes=${nodeCount}&zoom=${view.zoom}`;
  const pages = {
    bare: await openBenchPage(browser, address("bare")),
    ours: await openBenchPage(browser, address("ours")),
  };
  const measure = async (kind: keyof typeof pages): Promise<number> => {
    await pages[kind].bringToFront();
    return (await dragOneNode(pages[kind], view.drag)).p95;
  };
  await measure("bare");
  await measure("ours");
  const pairs: { bare: number; ours: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) pairs.push({ bare: await measure("bare"), ours: await measure("ours") });
    else {
      const ours = await measure("ours");
      pairs.push({ ours, bare: await measure("bare") });
    }
  }
  const ratio = median(pairs.map(({ ours, bare }) => ours / bare));
  report(
    `p95 frame of a drag among ${nodeCount} nodes (${view.words}), over bare`,
    `${ratio.toFixed(2)}  (${median(pairs.map(({ ours }) => ours)).toFixed(1)} ms over ${median(pairs.map(({ bare }) => bare)).toFixed(1)} ms)`,
    "1.25 or less",
    ratio <= 1.25,
  );
  for (const page of Object.values(pages)) await page.close();
}

/** What React renders while one node is dragged: that node and its edges, nothing else. */
export async function benchRenders(browser: Browser, url: string): Promise<void> {
  const page = await openBenchPage(browser, `${url}/?kind=ours&nodes=${nodeCount}&count`);
  const id = "get_totp_code_105";
  await page.evaluate(() => window.rendered.clear());
  await dragOneNode(page, id);
  const rendered = await page.evaluate(() => [...window.rendered.keys()]);
  const strangers = rendered.filter((each) => each !== id && !each.startsWith(`${id}-`));
  report(
    "cards and edges rendered by dragging one node, besides its own",
    `${strangers.length}  (rendered: ${rendered.join(", ")})`,
    "0",
    strangers.length === 0 && rendered.length > 0,
  );
  await page.close();
}
