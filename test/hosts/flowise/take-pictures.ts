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

await withFlowise(
  (line) => void process.stdout.write(`${line}\n`),
  async ({ flowise, supplies }) => {
    const chat = await saveChatflow(supplies, "Support chat");
    const flow = await saveAgentflow(supplies, "Sales flow", ["Seller", "Buyer"]);
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext({ viewport: { width: 1200, height: 750 } });
      const page = await context.newPage();
      page.setDefaultTimeout(12_000);
      // Dialogs of Flowise fade in: a picture is of what is there at the end.
      const shoot = (name: string) =>
        page.screenshot({ path: join(folder, `flowise-${name}.png`), animations: "disabled" });
      await signIn(page, flowise.url);

      await page.goto(`${flowise.url}/credentials`);
      await page.getByRole("button", { name: "Add Credential" }).click();
      await page.locator("#input-search-credential").fill("totem");
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Totem API").click();
      await dialog.getByText("Address of Totem").waitFor();
      await shoot("credential");

      await page.setViewportSize({ width: 1200, height: 900 });
      await page.goto(`${flowise.url}/canvas/${chat}`);
      await page.getByText("Totem: Create Agent User").first().waitFor();
      // The model's name, and with it the last of what the editor fetches.
      await page.getByRole("progressbar").first().waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "fit view" }).click();
      await shoot("chatflow");

      await page.setViewportSize({ width: 1200, height: 750 });
      await page.goto(`${flowise.url}/v2/agentcanvas/${flow}`);
      await page.getByText("Seller").first().waitFor();
      await page.getByText("Seller").first().dblclick();
      const settings = dialog.getByRole("button", { name: /Totem: Create Agent User Parameters/ });
      await settings.click();
      await dialog.getByText("The model gets").first().scrollIntoViewIfNeeded();
      await shoot("agentflow");

      await page.reload();
      await page.getByText("Buyer").first().waitFor();
      await page.getByRole("button", { name: "chat", exact: true }).click();
      const question = page.getByPlaceholder("Type your question...");
      await question.fill("Get yourself an account and prove who you are.");
      await question.press("Enter");
      // A code is good for one check: where one was used just now, the next is waited for.
      await page.getByText('"valid":true').first().waitFor({ timeout: 60_000 });
      await page.getByText("Process Flow").first().click();
      await page.getByText("Process Flow").first().scrollIntoViewIfNeeded();
      await shoot("run");
    } finally {
      await browser.close();
    }
  },
);

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/signin`);
  await page.locator('input[name="username"], input[type="email"]').first().fill(owner.email);
  await page.locator('input[type="password"]').first().fill(owner.password);
  await page.getByRole("button", { name: /login|sign in/i }).click();
  await page.waitForURL((address) => !address.pathname.endsWith("/signin"));
}
