import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { expect, it } from "vitest";
import { zodWithoutJsonSchema } from "../../../config/vite.studio.ts";
import type { vaultTotp } from "../../../plugin/nodes/vault-totp.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

it("takes only the writer of JSON Schemas from zod: schemas parse and know their limits as before", async () => {
  const folder = temporaryFolder();
  await build({
    configFile: false,
    logLevel: "error",
    plugins: [zodWithoutJsonSchema],
    build: {
      outDir: folder,
      lib: { entry: "plugin/nodes/vault-totp.ts", formats: ["es"], fileName: "bundle" },
    },
  });
  // The package that the test runs in decides what a `.js` file is; this one is a module wherever it lies.
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const bundle = (await import(join(folder, "bundle.js"))) as { vaultTotp: typeof vaultTotp };
  const { config } = bundle.vaultTotp;
  const { innerType: seconds } = config.shape.min_remaining.def;
  expect([seconds.minValue, seconds.maxValue]).toEqual([0, 300]);
  expect(config.parse({})).toMatchObject({ min_remaining: 3 });
  expect(config.safeParse({ min_remaining: 301 }).error?.issues).toMatchObject([
    { message: "Too big: expected number to be <=300" },
  ]);
  expect(() => config.toJSONSchema()).toThrow("The studio writes no JSON Schema.");
});
