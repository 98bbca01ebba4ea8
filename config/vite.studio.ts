import { basename } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const withoutWriter = new URL("../ui/studio/zod-without-json-schema.ts", import.meta.url).pathname;

/** zod's writer of JSON Schemas is a quarter of zod, and the studio writes none. */
export const zodWithoutJsonSchema: Plugin = {
  name: "zod-without-json-schema",
  enforce: "pre",
  resolveId: {
    filter: { id: /^\.\.\/core\/(json-schema-processors|to-json-schema)\.js$/ },
    // Another package may have a file of this name.
    handler: (_, importer) =>
      /[\\/]node_modules[\\/]zod[\\/]/.test(importer ?? "") ? withoutWriter : undefined,
  },
};

/** Builds the studio. The server answers with a CSP that allows files of its own only: nothing inline. */
export default defineConfig({
  root: "ui/studio",
  base: "/",
  plugins: [react(), zodWithoutJsonSchema],
  css: {
    modules: {
      // "MessageList_row": the names of the files are unique, which test/rules/studio-styles.test.ts checks.
      generateScopedName: (name, file) => `${basename(file).replace(/\.module\.css.*$/, "")}_${name}`,
    },
  },
  build: {
    outDir: "../../dist/studio",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2023",
    // The first that know light-dark(), which is not replaced for them.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // A polyfill is an extra script for browsers that cannot run this studio anyway.
    modulePreload: { polyfill: false },
    // What counts is what the first view loads, gzipped: test/journeys/studio-size.browser.test.ts.
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // One file, so that zod is told to do without eval before any other file builds a schema.
            { name: "schemas", test: /node_modules[\\/]zod[\\/]|zod-without-eval/ },
            // What every page uses: one file compresses better than a dozen small ones, and is one request.
            {
              name: "every-page",
              test: /node_modules[\\/](react|scheduler|@tanstack)[\\/]|lucide-react[\\/]dist[\\/]esm[\\/](shared[\\/]|\w+\.mjs)|studio[\\/]api[\\/](endpoints|request)\.|[\\/]plugin[\\/](node-cards|tool-edge|handles|plain-text|scopes|nodes[\\/])/,
            },
          ],
        },
      },
    },
  },
  server: { port: 4181, proxy: { "/api": "http://127.0.0.1:4180" } },
});
