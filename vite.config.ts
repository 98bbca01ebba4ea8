import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the studio. The server answers with a CSP that allows files of its own only: nothing inline. */
export default defineConfig({
  root: "ui/studio",
  base: "/",
  plugins: [react()],
  build: {
    outDir: "../../dist/studio",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2023",
    // A polyfill is an extra script for browsers that cannot run this studio anyway.
    modulePreload: { polyfill: false },
    // What counts is what the first view loads, gzipped: test/journeys/studio-size.browser.test.ts.
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file, so that zod is told to do without eval before any other file builds a schema.
          groups: [{ name: "schemas", test: /node_modules[\\/]zod[\\/]|zod-without-eval/ }],
        },
      },
    },
  },
  server: { port: 4181, proxy: { "/api": "http://127.0.0.1:4180" } },
});
