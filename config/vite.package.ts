import { defineConfig } from "vite";

/** Builds what hosts import: our components as plain modules. React and the flow libraries are the host's own. */
export default defineConfig({
  build: {
    outDir: "dist/ui",
    emptyOutDir: true,
    target: "es2022",
    lib: { entry: { xyflow: "ui/xyflow.ts", reactflow: "ui/reactflow.ts" }, formats: ["es"] },
    rolldownOptions: { external: /^(react|react-dom|@xyflow\/react|reactflow)(\/|$)/ },
  },
});
