import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

/** Builds both example hosts to dist/examples. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react()],
  // Uses our sources, so an example never shows an older build. Other hosts use dist/ui.
  resolve: { conditions: ["totem-source", ...defaultClientConditions] },
  build: {
    outDir: "../dist/examples",
    emptyOutDir: true,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      input: ["host-xyflow", "host-reactflow"].map((host) => `${import.meta.dirname}/${host}/index.html`),
    },
  },
});
