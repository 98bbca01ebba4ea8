import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { agentWorkflow } from "../support/build-workflow.ts";
import { desk, look } from "../support/look-at-view.ts";
import { connectMcp } from "../support/mcp-client.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";

const journey = startJourney();

const open = async (slug: string) => {
  const watched = await journey.open(`/w/${slug}`, { viewport: desk, ...withClipboard });
  await watched.studio.choose("agent");
  return watched;
};
const connectButton = (page: Page): Locator => page.getByRole("button", { name: "Connect over MCP" });
const tokensOf = (page: Page): Locator => page.getByRole("list", { name: "MCP addresses of this agent" });

/** Makes an address and brings it away on the clipboard. */
async function makeAddress(studio: StudioPage): Promise<{ address: string; json: string }> {
  const { page } = studio;
  await connectButton(page).click();
  await page.getByRole("button", { name: "Create an address" }).click();
  const dialog = page.getByRole("dialog", { name: "A new MCP address" });
  await dialog.getByRole("button", { name: "Copy Address" }).click();
  await dialog.getByRole("button", { name: "Copied Address" }).waitFor();
  const address = await studio.clipboard();
  const json = await dialog.getByLabel("JSON", { exact: true }).inputValue();
  return { address, json };
}
const done = async (studio: StudioPage) => {
  const { page } = studio;
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await studio.focusedText()).toBe("Connect over MCP…");
};
const tokenOf = (address: string): string => new URL(address).pathname.replace("/mcp/", "");

describe("an agent over MCP", () => {
  it("is connected from its settings, with the tools that are wired to it, until its address is revoked", async () => {
    const { nodes, edges } = agentWorkflow();
    const withoutWhoami = edges.filter(({ source }) => source !== "whoami");
    const slug = await journey.server.addWorkflow({ nodes, edges: withoutWhoami }, "Over MCP");
    await journey.server.call(slug, "create");
    const { studio, page, complaints, context } = await open(slug);
    const { address, json } = await makeAddress(studio);
    expect(address).toMatch(new RegExp(`^${journey.server.url}/mcp/totem_mcp_`));
    expect(JSON.parse(json)).toEqual({ mcpServers: { totem: { url: address } } });
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await done(studio);
    // What was shown once is nowhere any more.
    expect(await page.content()).not.toContain(tokenOf(address));
    await page.getByText("One address acts as this agent.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);

    const { names, call } = await connectMcp(journey.server, { token: tokenOf(address) });
    const listed = await names();
    expect(listed).toEqual(expect.arrayContaining(["get_totp_code", "verify_totp_code"]));
    expect(listed).not.toContain("whoami");
    expect((await call("get_totp_code")).body.username).toBe("agent_over-mcp_agent");

    // What no wire gives, a person grants by name, and reads what that means.
    expect(listed).not.toContain("vault_list");
    await page.getByRole("button", { name: "More tools over MCP" }).click();
    const more = page.getByRole("dialog", { name: "More tools over MCP" });
    await more.getByText("The model and its provider read data, such as passwords.").waitFor();
    await more.getByLabel(/^vault_list/).check();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await more.getByRole("button", { name: "Save" }).click();
    await page.getByText("Besides, it was granted by name: vault_list.").waitFor();
    expect(await names()).toEqual([...listed, "vault_list"]);

    await connectButton(page).click();
    await expect.poll(() => tokensOf(page).getByRole("listitem").count()).toBe(1);
    await tokensOf(page)
      .getByText(/^Last used .* from 127\.0\.0\.1\.$/)
      .waitFor();
    await page.getByRole("button", { name: /^Revoke the address/ }).click();
    const question = page.getByRole("dialog", { name: "Revoke this address?" });
    await question.getByText("This cannot be undone.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await question.getByRole("button", { name: "Revoke", exact: true }).click();
    await tokensOf(page).waitFor({ state: "detached" });
    await page.getByText("No host acts as").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => studio.focusedText()).toBe("Connect over MCP…");
    await expect(call("get_totp_code")).rejects.toThrow();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("gets no address by opening the dialog, however often: a new one needs a click of its own", async () => {
    const slug = await journey.server.addWorkflow(agentWorkflow(), "Only looked");
    await journey.server.call(slug, "create");
    const count = async () => (await journey.server.api("GET", "/mcp-tokens")).body.mcp_tokens.length;
    const before = await count();
    const { page, complaints, context } = await open(slug);
    const dialog = page.getByRole("dialog", { name: "Connect over MCP" });
    for (let time = 0; time < 3; time++) {
      await connectButton(page).click();
      await dialog.getByText("No host acts as").waitFor();
      await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
      await dialog.waitFor({ state: "detached" });
    }
    expect(await count()).toBe(before);
    await connectButton(page).click();
    await dialog.getByRole("button", { name: "Create an address" }).click();
    await page.getByRole("dialog", { name: "A new MCP address" }).waitFor();
    await expect.poll(count).toBe(before + 1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is offered only where there is an account that works, and says how to get one", async () => {
    const slug = await journey.server.addWorkflow(agentWorkflow(), "No account yet");
    const { studio, page, complaints, context } = await open(slug);
    await page.getByText("“Prove the chain” creates it too").waitFor();
    expect(await connectButton(page).count()).toBe(0);
    await studio.proveTheChain();
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
    const slug = await journey.server.addWorkflow(agentWorkflow(), "Sizes");
    await journey.server.call(slug, "create");
    const { studio, complaints, context } = await open(slug);
    await makeAddress(studio);
    await look(studio, "address over mcp");
    await done(studio);
    await look(studio, "settings with an address");
    await studio.closeSettings();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
