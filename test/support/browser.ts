import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import packedChromium from "@sparticuz/chromium";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { StudioPage } from "./studio-page.ts";

/** Real Chromium for tests: the one at CHROME_PATH, or the one that npm installed. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env.CHROME_PATH ?? (await unpackedChromium()),
    headless: true,
    args: [
      // Chromium has no sandbox for root, and containers often run as root.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-quic",
      "--disable-background-networking",
      "--no-first-run",
      "--disable-dev-shm-usage",
      "--font-render-hinting=none",
      // Without a GPU, drawing in software through GL is many times slower than not using GL at all.
      "--disable-gpu",
      ...more,
    ],
  });
}

/**
 * The package unpacks Chromium on first use and takes a half-unpacked file for a whole one, so two
 * processes must not do that at the same time: the folder is the lock.
 */
async function unpackedChromium(): Promise<string> {
  const lock = join(tmpdir(), "totem-chromium-unpacking");
  for (let tries = 0; tries < 600; tries++) {
    try {
      await mkdir(lock);
    } catch {
      await pause(100);
      continue;
    }
    try {
      return await packedChromium.executablePath();
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  throw new Error(`Chromium is being unpacked by a process that does not end. Remove ${lock}.`);
}

export interface WatchedPage {
  readonly studio: StudioPage;
  readonly page: Page;
  readonly context: BrowserContext;
  /** All complaints of the page: console errors and warnings, uncaught errors, broken files. */
  readonly complaints: readonly string[];
  /** For a test that provokes an error on purpose. */
  readonly expectComplaint: (pattern: RegExp) => void;
}

/** A fresh visitor whose page is watched: end the test with `expect(complaints).toEqual([])`. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  const complain = (text: string) => {
    if (!expected.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  page.on("console", (message) => {
    // React Flow reports wrong use by console.warn. The browser reports refused inline styles by an error.
    if (message.type() === "error" || message.type() === "warning")
      complain(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complain(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // Leaving a page ends its event stream. That is not a failure.
    if (why !== "net::ERR_ABORTED") complain(`failed: ${request.url()} ${why}`);
  });
  return {
    studio: new StudioPage(page),
    page,
    context,
    complaints,
    expectComplaint: (pattern) => void expected.push(pattern),
  };
}
