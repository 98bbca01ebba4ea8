import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import react from "@vitejs/plugin-react";
import { build } from "vite";

export interface BuiltPage {
  readonly url: string;
  readonly close: () => void;
}

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** Builds the page as a host would, and serves it on loopback. With `profiling`, React reports what it renders. */
export async function buildPage({ profiling }: { profiling: boolean }): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), "totem-bench-"));
  await build({
    root: "bench/canvas",
    configFile: false,
    logLevel: "error",
    mode: "production",
    plugins: [react()],
    resolve: profiling
      ? { alias: [{ find: /^react-dom\/client$/, replacement: "react-dom/profiling" }] }
      : {},
    build: { outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 2_000 },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    try {
      const file = join(folder, normalize(path === "/" ? "/index.html" : path));
      response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
      response.end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const listening = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
