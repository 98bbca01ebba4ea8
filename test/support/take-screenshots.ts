/** `npm run screenshots`: every main view in light and dark, of the real studio; the README shows them. */
import { mkdir } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { buildStudio, openStudio } from "./browser-studio.ts";
import { deliver } from "./deliver.ts";
import { startTestServer, type TestServer } from "./start-test-server.ts";
import type { StudioPage } from "./studio-page.ts";

const folder = "docs/images";
const slug = "prove-who-you-are";
const chooseAgent = (studio: StudioPage) => studio.node("agent").click({ position: { x: 30, y: 10 } });

/** How to reach each view, from the starter workflow after a run. */
const views: Readonly<Record<string, (studio: StudioPage) => Promise<void>>> = {
  studio: async ({ page }) => {
    await page.getByText("and my code was verified").waitFor();
  },
  "who-can-read": async (studio) => {
    await chooseAgent(studio);
    await studio.askWhoCanRead();
    await studio.page.getByText("can read its codes now").waitFor();
  },
  wiring: async (studio) => {
    const { page } = studio;
    const [from, to] = [
      await studio.handleAt("agent", "tools").boundingBox(),
      await page.getByTestId("canvas").boundingBox(),
    ];
    if (!from || !to) throw new Error("The canvas is not there.");
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2 + 60, to.y + to.height - 60, { steps: 6 });
    await page.locator('[data-part="wire-preview"]').waitFor();
  },
  "quick-add": async ({ page }) => {
    await page.getByRole("button", { name: /^Add a tool to/ }).click();
    await page.getByRole("dialog", { name: "Add a connected node" }).waitFor();
  },
  proof: async (studio) => {
    await chooseAgent(studio);
    await studio.proveTheChain();
    await studio.page.getByText("Proved:", { exact: false }).first().waitFor({ timeout: 60_000 });
  },
  "mcp-token": async (studio) => {
    await chooseAgent(studio);
    await studio.page.getByRole("button", { name: "Connect over MCP" }).click();
    await studio.page.getByRole("button", { name: "Create an address" }).click();
    await studio.page.getByText("shown only this once").waitFor();
  },
  replay: async (studio) => {
    await studio.openRuns();
    await studio.pastRuns().last().click();
    const slider = studio.stepSlider();
    await slider.focus();
    await slider.press("End");
    for (let back = 0; back < 8; back++) await slider.press("ArrowLeft");
  },
};

/** Some entries, one for each mark. */
const entries = [
  {
    name: "crm",
    enrolment: "otpauth://totp/CRM:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=CRM",
    pending: true,
  },
  { name: "old bank", enrolment: "otpauth://totp/Bank:ada?secret=JBSWY3DPEHPK3PXP&issuer=Bank&digits=8" },
  {
    name: "github",
    type: "LOGIN",
    enrolment: "otpauth://totp/GitHub:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=GitHub",
    data: { username: "ada", password: "not shown" },
    backup_codes: ["one", "two"],
  },
];

async function takeVault(browser: Browser, server: TestServer): Promise<void> {
  for (const entry of entries) await server.api("POST", "/vault/entries", entry);
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, context } = await openStudio({ browser, server }, "/vault", {
      viewport: { width: 1440, height: 680 },
      colorScheme,
    });
    await page.getByText("github").first().click();
    await page.getByText("Who can use it").waitFor();
    await page.screenshot({ path: `${folder}/vault${colorScheme === "dark" ? "-dark" : ""}.png` });
    await context.close();
  }
}

/** Messages: with a code, with a link, with two codes, and with none. */
const messages = [
  "Lunch at noon?",
  "Sign in: https://github.com/login/verify?token=abcdef1234567890",
  "Your code is 482913 or your code is 771204",
  "GitHub: your verification code is 551203. It is valid for ten minutes.",
];

async function takeInbox(browser: Browser, server: TestServer): Promise<void> {
  for (const content of messages) await deliver(server, "ada@example.com", content);
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, context } = await openStudio({ browser, server }, "/inbox", {
      viewport: { width: 1440, height: 680 },
      colorScheme,
    });
    await page.locator("[data-row]").first().click();
    await page.locator('[data-part="reading-text"] mark').first().waitFor();
    await page.screenshot({ path: `${folder}/inbox${colorScheme === "dark" ? "-dark" : ""}.png` });
    await context.close();
  }
}

/** Calls of two builders, each with a key of its own. */
const calls = [
  ["n8n", "https://n8n.example.com", "wf1", "Invoice approvals", "approver", "Approver"],
  ["n8n", "https://n8n.example.com", "wf1", "Invoice approvals", "payer", "Payer"],
  ["n8n", "https://n8n.example.com", "wf2", "Supplier portal", "agent", "AI Agent"],
  ["flowise", "flowise-production", "cf1", "Support desk", "agentAgentflow_0", "Support"],
] as const;

async function takeHosts(browser: Browser, server: TestServer): Promise<void> {
  const keys = new Map<string, string>();
  for (const [host, host_instance, workflow_id, workflow_name, agent_node_id, agent_node_name] of calls) {
    const name = host === "n8n" ? "n8n" : "Flowise";
    const key =
      keys.get(host) ??
      (await server.api("POST", "/keys", { name, scopes: ["hosts:call"], host, host_instance })).body.key;
    keys.set(host, key);
    const call = { host, host_instance, workflow_id, workflow_name, agent_node_id, agent_node_name };
    for (const tool of ["create_agent_user", "get_totp_code"].slice(0, agent_node_id === "agent" ? 1 : 2))
      await server.as(key)("POST", "/host-calls", { ...call, tool });
  }
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, context } = await openStudio({ browser, server }, "/hosts", {
      viewport: { width: 1060, height: 720 },
      colorScheme,
    });
    await page.getByText("Support desk").waitFor();
    await page.getByText("Speaks for n8n").waitFor();
    await page.screenshot({ path: `${folder}/hosts${colorScheme === "dark" ? "-dark" : ""}.png` });
    await context.close();
  }
}

async function takeAll(browser: Browser, server: TestServer): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [name, come] of Object.entries(views)) {
      const { studio, page, context } = await openStudio({ browser, server }, `/w/${slug}`, {
        viewport: { width: 1440, height: 860 },
        colorScheme,
      });
      await studio.node("agent").waitFor();
      await come(studio);
      await page.screenshot({ path: `${folder}/${name}${colorScheme === "dark" ? "-dark" : ""}.png` });
      await page.mouse.up();
      await context.close();
    }
  }
}

await mkdir(folder, { recursive: true });
await buildStudio();
const server = await startTestServer();
const browser = await launchBrowser();
try {
  const { body } = await server.api("POST", `/workflows/${slug}/runs`, { input: "Prove who you are" });
  const { page, context } = await openStudio({ browser, server }, `/w/${slug}`);
  await page.getByText("and my code was verified").waitFor({ timeout: 60_000 });
  await context.close();
  if (!body.id) throw new Error("The starter workflow did not run.");
  await takeAll(browser, server);
  await takeVault(browser, server);
  await takeInbox(browser, server);
  await takeHosts(browser, server);
} finally {
  await browser.close();
  await server.stop();
}
