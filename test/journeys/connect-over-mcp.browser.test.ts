import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { buildStudio, openStudio, seriousAxeProblems } from "../support/browser-studio.ts";
import { agentWorkflow } from "../support/build-workflow.ts";
import { choose, closeSettings, desk, look } from "../support/look-at-view.ts";
import { connectMcp } from "../support/mcp-client.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  await buildStudio();
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const open = async (slug: string) => {
  const watched = await openStudio(browser, server, `/w/${slug}`, {
    viewport: desk,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await choose(watched.page, "agent");
  return watched;
};
const connectButton = (page: Page): Locator => page.getByRole("button", { name: "Connect over MCP" });
const tokensOf = (page: Page): Locator => page.getByRole("list", { name: "MCP addresses of this agent" });

/** Makes an address and brings it away on the clipboard. */
async function makeAddress(page: Page): Promise<{ address: string; json: string }> {
  await connectButton(page).click();
  const dialog = page.getByRole("dialog", { name: "Connect over MCP" });
  await dialog.getByRole("button", { name: "Copy Address" }).click();
  await dialog.getByRole("button", { name: "Copied Address" }).waitFor();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  const json = await dialog.getByLabel("JSON", { exact: true }).inputValue();
  return { address, json };
}
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
const done = async (page: Page) => {
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await focused(page)).toBe("Connect over MCP…");
};
const tokenOf = (address: string): string => new URL(address).pathname.replace("/mcp/", "");

describe("an agent over MCP", () => {
  it("is connected from its settings, with the tools that are wired to it, until its address is revoked", async () => {
    const { nodes, edges } = agentWorkflow();
    const withoutWhoami = edges.filter(({ source }) => source !== "whoami");
    const slug = await server.addWorkflow({ nodes, edges: withoutWhoami }, "Over MCP");
    await server.call(slug, "create");
    const { page, complaints, context } = await open(slug);
    const { address, json } = await makeAddress(page);
    expect(address).toMatch(new RegExp(`^${server.url}/mcp/totem_mcp_`));
    expect(JSON.parse(json)).toEqual({ mcpServers: { totem: { url: address } } });
    expect(await seriousAxeProblems(page)).toEqual([]);
    await done(page);
    // What was shown once is nowhere any more.
    expect(await page.content()).not.toContain(tokenOf(address));
    await expect.poll(() => tokensOf(page).getByRole("listitem").count()).toBe(1);
    expect(await seriousAxeProblems(page)).toEqual([]);

    const { names, call } = await connectMcp(server, { token: tokenOf(address) });
    const listed = await names();
    expect(listed).toEqual(expect.arrayContaining(["get_totp_code", "verify_totp_code"]));
    expect(listed).not.toContain("whoami");
    expect((await call("get_totp_code")).body.username).toBe("agent_over-mcp_agent");

    await page.getByRole("button", { name: /^Revoke the address/ }).click();
    const question = page.getByRole("dialog", { name: "Revoke this address?" });
    await question.getByText("This cannot be undone.").waitFor();
    expect(await seriousAxeProblems(page)).toEqual([]);
    await question.getByRole("button", { name: "Revoke", exact: true }).click();
    await tokensOf(page).waitFor({ state: "detached" });
    await expect.poll(() => focused(page)).toBe("Connect over MCP…");
    await expect(call("get_totp_code")).rejects.toThrow();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is offered only where there is an account that works, and says how to get one", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "No account yet");
    const { page, complaints, context } = await open(slug);
    await page.getByText("“Prove the chain” creates it too").waitFor();
    expect(await connectButton(page).count()).toBe(0);
    await page.getByRole("button", { name: "Prove the chain" }).click();
    await connectButton(page).waitFor();
    await page.getByRole("button", { name: "Disable account" }).click();
    await page.getByText("its addresses are refused").waitFor();
    expect(await connectButton(page).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Enable account" }).click();
    await expect.poll(() => connectButton(page).isDisabled()).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is whole and legible at every size", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Sizes");
    await server.call(slug, "create");
    const { page, complaints, context } = await open(slug);
    await makeAddress(page);
    await look(page, "address over mcp");
    await done(page);
    await look(page, "settings with an address");
    await closeSettings(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
