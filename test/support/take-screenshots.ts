/** `npm run screenshots`: the pictures of the README, taken of the real thing. */
import { mkdir } from "node:fs/promises";
import { launchBrowser } from "./browser.ts";
import { buildStudio, openStudio } from "./browser-studio.ts";
import { startTestServer } from "./start-test-server.ts";

const folder = "docs/images";
await mkdir(folder, { recursive: true });
await buildStudio();
const server = await startTestServer();
const browser = await launchBrowser();
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const { page } = await openStudio(browser, server, "/w/prove-who-you-are", {
      viewport: { width: 1440, height: 860 },
      colorScheme,
    });
    if (colorScheme === "light") {
      await page.getByRole("textbox", { name: /message/i }).fill("Prove who you are");
      await page.keyboard.press("Enter");
    }
    await page.getByText("and my code was verified").waitFor();
    await page.screenshot({ path: `${folder}/studio${colorScheme === "dark" ? "-dark" : ""}.png` });
  }
} finally {
  await browser.close();
  await server.stop();
}
