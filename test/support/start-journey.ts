import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { launchBrowser, openPage, type WatchedPage } from "./browser.ts";
import { buildStudio, openStudio } from "./browser-studio.ts";
import { deliver } from "./deliver.ts";
import { startTestServer, type TestServer, type TestServerOptions } from "./start-test-server.ts";

interface JourneyOptions extends TestServerOptions {
  /** What must be built first, if it is not the studio. */
  readonly build?: () => void | Promise<void>;
}

type Graph = Parameters<TestServer["addWorkflow"]>[0];

/** For a page that may read what it copied. */
export const withClipboard = { permissions: ["clipboard-read", "clipboard-write"] };

/** The set-up of a journey: the studio is built, a server and a browser run for all tests of the file. */
export function startJourney({ build = buildStudio, ...options }: JourneyOptions = {}) {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    await build();
    [server, browser] = await Promise.all([startTestServer(options), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  return {
    get server(): TestServer {
      return server;
    },
    /** The studio at a path, signed in. */
    open: (path = "/", options: BrowserContextOptions = {}): Promise<WatchedPage> =>
      openStudio({ browser, server }, path, options),
    /** A new workflow, open in the studio. */
    async openWorkflow(graph: Graph, name: string, options: BrowserContextOptions = {}) {
      const slug = await server.addWorkflow(graph, name);
      return { slug, ...(await openStudio({ browser, server }, `/w/${slug}`, options)) };
    },
    /** An empty page of a visitor who is not signed in. */
    visit: (options: BrowserContextOptions = {}): Promise<WatchedPage> => openPage(browser, options),
    /** A message as a program delivers it. The same words at the same address are the same message. */
    async deliver(content: string, to = "ops@example.com"): Promise<string> {
      const answer = await deliver(server, to, content);
      expect(answer.status, answer.text).toBe(200);
      return answer.body.totp_code_id;
    },
  };
}
