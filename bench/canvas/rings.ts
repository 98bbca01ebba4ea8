import { setTimeout as pause } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";
import { report } from "../measure.ts";
import { openBenchPage } from "./drag.ts";

const rings = 200;
const seconds = 10;

/** The total busy time of a page's main thread, in milliseconds. */
async function busySoFar(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1_000;
}

/** Milliseconds of main thread a second, while the page gets no input. */
async function idleCost(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const before = await busySoFar(session);
  await pause(seconds * 1_000);
  return ((await busySoFar(session)) - before) / seconds;
}

/** The cost of rings that show the rest of a window, against the same cards without rings. */
export async function benchRings(browser: Browser, url: string): Promise<void> {
  const address = `${url}/?kind=ours&rings=${rings}&zoom=0.37`;
  const still = await openBenchPage(browser, address);
  const without = await idleCost(still);
  await still.close();
  const live = await openBenchPage(browser, `${address}&live`);
  const cost = (await idleCost(live)) - without;
  report(
    `main thread for ${rings} live rings`,
    `${cost.toFixed(0)} ms a second  (${without.toFixed(1)} without them)`,
    "under 100 ms",
    cost < 100,
  );
  await live.close();
}
