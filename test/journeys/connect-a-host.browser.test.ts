import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { hostClient } from "../support/host-calls.ts";
import { look } from "../support/look-at-view.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";

const journey = startJourney();

const open = (path = "/hosts") => journey.open(path, withClipboard);
const workflowOf = (page: Page, slug: string): Locator => page.locator(`[data-workflow="${slug}"]`);
const identityOf = (page: Page, username: string): Locator => page.locator(`[data-username="${username}"]`);
const keyOf = (page: Page, name: string): Locator => page.locator(`[data-key="${name}"]`);

/** Makes a key in the dialog and brings it away on the clipboard, as a person does. */
async function connect(
  studio: StudioPage,
  kind: string,
  look?: (dialog: Locator) => Promise<void>,
): Promise<string> {
  const { page } = studio;
  await page.getByRole("button", { name: "Connect a host" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: kind }).check();
  // The calls of this test come from no package that signs.
  await dialog.getByRole("checkbox", { name: /must be signed/ }).uncheck();
  await dialog.getByRole("button", { name: "Create the key" }).click();
  await dialog.getByText("shown only this once").waitFor();
  await dialog.getByRole("button", { name: "Copy Key" }).click();
  await dialog.getByRole("button", { name: "Copied Key" }).waitFor();
  const key = await studio.clipboard();
  expect(await dialog.getByLabel("Key", { exact: true }).inputValue()).toBe(key);
  expect(await dialog.getByLabel("URL", { exact: true }).inputValue()).toBe(journey.server.url);
  await look?.(dialog);
  await dialog.getByRole("button", { name: "Done" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await studio.focusedText()).toBe("Connect a host");
  return key;
}

describe("the hosts", () => {
  it("are connected with a key that is shown once, and their agents appear as they call", async () => {
    await journey.server.addWorkflow({ nodes: [], edges: [] }, "Some flow");
    const { studio, page, complaints, context } = await open("/");
    await page.getByRole("link", { name: "Hosts" }).click();
    await page.getByText("No other builder has called yet").waitFor();
    expect(studio.path()).toBe("/hosts");
    expect(await studio.seriousAxeProblems()).toEqual([]);

    const key = await connect(studio, "n8n", async () => {
      await keyOf(page, "n8n").waitFor();
      expect(await page.getByRole("dialog", { name: "The key “n8n”" }).count()).toBe(1);
      expect(await studio.seriousAxeProblems()).toEqual([]);
    });
    expect(key).toMatch(/^totem_key_/);
    await keyOf(page, "n8n").getByText("Not used yet").waitFor();
    // What was shown once is nowhere any more.
    expect(await page.content()).not.toContain(key);

    const call = hostClient(journey.server, key, "https://n8n.example");
    const more = { agent_node_name: "Seller" };
    expect((await call("create_agent_user", {}, {}, more)).status).toBe(200);
    expect((await call("create_agent_user", { agent: "a2" }, {}, { agent_node_name: "Buyer" })).status).toBe(
      200,
    );
    await identityOf(page, "agent_sales-flow_a1").getByText("Seller").waitFor();
    await page.getByRole("heading", { name: "n8n https://n8n.example" }).waitFor();
    await identityOf(page, "agent_sales-flow_a2").getByText("Never used").waitFor();
    await keyOf(page, "n8n").getByText("Speaks for n8n, https://n8n.example.").waitFor();
    expect((await call("get_totp_code")).body.username).toBe("agent_sales-flow_a1");
    await identityOf(page, "agent_sales-flow_a1")
      .getByText(/^Used /)
      .waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lose an agent, or a workflow, and get it back", async () => {
    const { studio, page, complaints, context } = await open();
    const call = hostClient(journey.server, await connect(studio, "Flowise"), "flows");
    const place = { host: "flowise", workflow: "wf7", name: "Support" };
    expect((await call("create_agent_user", place)).status).toBe(200);
    const code = async () => (await call("get_totp_code", place)).body.code;
    const agent = identityOf(page, "agent_support_a1");

    await agent.getByRole("button", { name: "Disable agent_support_a1" }).click();
    await agent.getByText("Disabled", { exact: true }).waitFor();
    expect(await code()).toBe("AGENT_USER_DISABLED");
    await agent.getByRole("button", { name: "Enable agent_support_a1" }).click();
    await agent.getByText("Active", { exact: true }).waitFor();
    expect(await code()).toBeUndefined();

    await workflowOf(page, "support").getByRole("button", { name: "Remove Support" }).click();
    await page.getByText("“Support” is removed. Its account is disabled.").waitFor();
    await workflowOf(page, "support").getByText("Removed", { exact: true }).waitFor();
    expect(await code()).toBe("AGENT_USER_DISABLED");
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).click();
    await agent.getByText("Active", { exact: true }).waitFor();
    expect(await code()).toBeUndefined();

    // By the keys, and without losing the place.
    await workflowOf(page, "support").getByRole("button", { name: "Remove Support" }).focus();
    await page.keyboard.press("Enter");
    await workflowOf(page, "support").getByRole("button", { name: "Restore Support" }).waitFor();
    await page.keyboard.press("Enter");
    await agent.getByText("Active", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lead from an agent to what it did, in words", async () => {
    const { page, complaints, context } = await open();
    await page.getByRole("link", { name: "agent_support_a1" }).click();
    await page.waitForURL("**/audit?subject=agent_support_a1");
    await page.locator("tr[data-event]").getByText("Disabled an agent user").first().waitFor();
    await page.getByLabel("On what").fill("");
    for (const words of [
      "Bound a service key to a host",
      "Removed a host’s workflow",
      "Restored a host’s workflow",
    ])
      await page.locator("tr[data-event]").getByText(words).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lose their key for good, after one question", async () => {
    const { studio, page, complaints, context } = await open();
    const key = await connect(studio, "Another builder");
    const call = hostClient(journey.server, key, "mine");
    expect((await call("whoami", { host: "mine" })).status).not.toBe(401);
    await keyOf(page, "Builder").getByRole("button", { name: "Revoke the key Builder" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke the key “Builder”?" });
    await dialog.getByText("This cannot be undone.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Revoke the key Builder" }).click();
    await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
    await keyOf(page, "Builder").waitFor({ state: "detached" });
    await expect.poll(() => studio.focusedText()).toBe("Revoke…");
    expect((await call("whoami", { host: "mine" })).status).toBe(401);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("are whole and legible at every size, with long names, and say when they cannot be read", async () => {
    const { key } = (
      await journey.server.api("POST", "/keys", { name: "a ".repeat(45), scopes: ["hosts:call"] })
    ).body;
    const long = `${"long".repeat(12)}-instance`;
    await hostClient(
      journey.server,
      key,
      long,
    )("create_agent_user", { name: "A workflow with a long name ".repeat(7) });
    const { studio, page, complaints, context, expectComplaint } = await open();
    await page.getByTitle(long).first().waitFor();
    await look(studio, "hosts");
    await page.getByRole("button", { name: "Connect a host" }).click();
    await page.getByRole("dialog").waitFor();
    await look(studio, "connect a host");
    await page.getByRole("button", { name: "Create the key" }).click();
    await page.getByText("shown only this once").waitFor();
    await look(studio, "the key of a host");
    await page.getByRole("button", { name: "Done" }).click();
    expectComplaint(/500|INTERNAL/);
    await page.route("**/api/v1/host-workflows", (route) => route.fulfill({ status: 500, body: "{}" }));
    await page.reload();
    await page.getByText("The hosts cannot be read").waitFor();
    await page.unroute("**/api/v1/host-workflows");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByTitle(long).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
