/** The pictures of docs/hosts/n8n.md, of a real n8n: `node test/hosts/n8n/take-pictures.ts`. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { installHost } from "../install-host.ts";
import { startModelStandIn } from "../model-stand-in.ts";
import { startTotemForHosts } from "../totem-for-hosts.ts";
import { runNodeCli, stagePackage } from "./build-package.ts";
import { startN8n } from "./n8n-server.ts";
import { setUpWorkbench } from "./workbench.ts";

const folder = "docs/images/hosts";
const say = (line: string) => void process.stdout.write(`${line}\n`);
const stack = new AsyncDisposableStack();
try {
  const installed = await installHost("n8n", join(import.meta.dirname, "host"), say);
  const built = stagePackage(await installHost("n8n-node-cli", join(import.meta.dirname, "node-cli"), say));
  stack.defer(() => rmSync(dirname(built.folder), { recursive: true, force: true }));
  await runNodeCli(built, "build");
  const totem = await startTotemForHosts();
  stack.defer(totem.remove);
  const model = await startModelStandIn();
  stack.defer(model.stop);
  const n8n = await startN8n(installed, built);
  stack.defer(n8n.remove);
  const bench = await setUpWorkbench(n8n, totem, model);
  const flow = await bench.save({
    name: "Sales flow",
    trigger: "manual",
    agents: [
      {
        name: "AI Agent",
        id: "a1",
        tools: ["Create Agent User", "Get TOTP Code", "Verify TOTP Code", "Wait for Code"],
      },
    ],
  });
  model.play([
    { tool: /Create/ },
    { tool: /Get/ },
    { tool: /Verify/, arguments: (results) => ({ code: /\d{6}/.exec(results.at(-1) ?? "")?.[0] ?? "" }) },
  ]);

  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1360, height: 800 }, colorScheme: "light" });
  const [name = "", value = ""] = n8n.cookie().split("=");
  await context.addCookies([{ name, value, url: n8n.url }]);
  // n8n holds the session against the browser it was made in.
  await context.addInitScript(() => localStorage.setItem("n8n-browserId", "test"));
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  mkdirSync(folder, { recursive: true });
  const shoot = async (what: string) => {
    await page.screenshot({ path: `${folder}/n8n-${what}.png` });
    say(`${folder}/n8n-${what}.png`);
  };

  await page.goto(`${n8n.url}/workflow/${flow.id}`);
  await canvas(page);
  await page.getByTestId("execute-workflow-button").first().click();
  await page.getByText("Workflow executed successfully").first().waitFor();
  await shoot("run");
} finally {
  await stack.disposeAsync();
}

async function canvas(page: Page): Promise<void> {
  await page.getByTestId("canvas-node").first().waitFor();
  await page.getByTestId("zoom-to-fit").click();
}
