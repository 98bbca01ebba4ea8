/** `node test/hosts/flowise/take-pictures.ts`: the pictures of docs/hosts/flowise.md, taken of the real editor. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { saveAgentflow, saveChatflow } from "./example-flows.ts";
import { owner } from "./flowise-server.ts";
import { withFlowise } from "./start-flowise.ts";

const folder = join(import.meta.dirname, "../../../docs/images/hosts");
await mkdir(folder, { recursive: true });

await withFlowise(console.log, async ({ flowise, supplies }) => {
  const chat = await saveChatflow(supplies, "Support chat");
  const flow = await saveAgentflow(supplies, "Sales flow", ["Seller", "Buyer"]);
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1200, height: 750 } });
    const page = await context.newPage();
    const shoot = (name: string) => page.screenshot({ path: join(folder, `flowise-${name}.png`) });
    await signIn(page, flowise.url);

    await page.goto(`${flowise.url}/credentials`);
    await page.getByRole("button", { name: "Add Credential" }).click();
    await page.getByPlaceholder("Search credential").fill("totem");
    await page.getByRole("dialog").getByText("Totem API").click();
    await page.getByText("Address of Totem").waitFor();
    await shoot("credential");

    await page.goto(`${flowise.url}/canvas/${chat}`);
    await page.getByText("Totem: Create Agent User").first().waitFor();
    await page.getByRole("button", { name: "fit view" }).click();
    await shoot("chatflow");

    await page.goto(`${flowise.url}/v2/agentcanvas/${flow}`);
    await page.getByText("Seller").first().waitFor();
    await page.getByText("Seller").first().dblclick();
    const tools = page.getByRole("dialog").getByText("Tools", { exact: true }).first();
    await tools.waitFor();
    await tools.scrollIntoViewIfNeeded();
    await shoot("agentflow");
    await page.keyboard.press("Escape");
    await shoot("run");
  } finally {
    await browser.close();
  }
});

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/signin`);
  await page.locator('input[name="username"], input[type="email"]').first().fill(owner.email);
  await page.locator('input[type="password"]').first().fill(owner.password);
  await page.getByRole("button", { name: /login|sign in/i }).click();
  await page.waitForURL((address) => !address.pathname.endsWith("/signin"));
}
