import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { glob } from "node:fs/promises";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { openPage, type WatchedPage } from "./browser.ts";
import { random } from "./seeded-random.ts";
import type { TestServer } from "./start-test-server.ts";

// Joined, so that a search for unused code does not take these patterns for entries.
const studioSources = ["ui", "plugin"]
  .map((folder) => `${folder}/**/*.{ts,tsx,css,html,svg}`)
  .concat("config/vite.studio.ts");

/** Builds the studio if its sources are newer than the built files: a journey shows the current sources. */
export async function buildStudio(): Promise<void> {
  const built = changedAt("dist/studio/index.html");
  for await (const file of glob(studioSources))
    if (changedAt(file) > built) return viteBuild("config/vite.studio.ts");
}

/** In a process of its own: vitest's NODE_ENV would build React's development version. */
export function viteBuild(config: string): void {
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vite/bin/vite.js", "build", "--config", config, "--logLevel", "error"],
    { env: { ...process.env, NODE_ENV: "production" }, stdio: "inherit" },
  );
  if (status !== 0) throw new Error(`${config} does not build.`);
}

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

interface StudioParts {
  readonly browser: Browser;
  readonly server: Pick<TestServer, "url" | "adminKey">;
}

/** A visitor who is signed in already and has opened `path`. */
export async function openStudio(
  { browser, server }: StudioParts,
  path = "/",
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  await signInPage(watched.context, server);
  await watched.page.goto(server.url + path);
  await watched.page.getByRole("heading", { name: "Totem studio" }).waitFor();
  return watched;
}

/**
 * Signs the pages of a context in, with the cookie and the proof in their storage: by a link, or as the only person there
 * is by the administrator's key.
 */
export async function signInPage(
  context: BrowserContext,
  server: StudioParts["server"],
  by: { readonly link: string } | { readonly key: string } = { key: server.adminKey },
): Promise<void> {
  const proof = random.bytes(32).toString("base64url");
  await context.request.post(`${server.url}/api/v1/auth/sign-in`, {
    data: by,
    headers: { "x-totem-proof": proof },
  });
  await context.addInitScript(
    ([key, value]) => {
      // An empty page has no storage.
      if (location.protocol.startsWith("http")) localStorage.getItem(key) ?? localStorage.setItem(key, value);
    },
    ["totem.proof", proof] as const,
  );
}
