import type { Page } from "playwright-core";

declare global {
  interface Window {
    stopFrames?: () => number[];
  }
}

export interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly longest: number;
}

/** Starts to record the time of every frame that the page draws. */
export const recordFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const frames: number[] = [];
    let last = performance.now();
    let on = true;
    const tick = () => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      if (on) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    window.stopFrames = () => {
      on = false;
      return frames;
    };
  });

/** Milliseconds. */
export async function stopFrames(page: Page): Promise<Frames> {
  const frames = (await page.evaluate(() => window.stopFrames?.() ?? [])).sort((a, b) => a - b);
  const at = (share: number) =>
    frames[Math.min(frames.length - 1, Math.floor(frames.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), longest: at(1) };
}
