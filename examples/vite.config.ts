import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds both example hosts to dist/examples. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../dist/examples",
    emptyOutDir: true,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      input: ["host-xyflow", "host-reactflow"].map((host) => `${import.meta.dirname}/${host}/index.html`),
    },
  },
});
