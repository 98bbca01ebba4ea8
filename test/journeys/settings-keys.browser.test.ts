import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { addPerson, linkFor } from "../support/add-person.ts";
import { agentWorkflow } from "../support/build-workflow.ts";
import { desk, look } from "../support/look-at-view.ts";
import { startJourney, withClipboard } from "../support/start-journey.ts";

const journey = startJourney({ settings: { TOTEM_SMTP_PORT: "0", TOTEM_MAIL_DOMAIN: "agents.example" } });

const open = (page: string) => journey.open(`/settings/${page}`, { viewport: desk, ...withClipboard });
const rowOf = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });
const works = async (key: string) => (await journey.server.as(key)("GET", "/workflows")).status === 200;

describe("the settings page of keys", () => {
  it("makes a key of chosen scopes, shows it once, says its use, rotates and revokes it", async () => {
    const { studio, page, complaints, context } = await open("keys");
    await page.getByText("There is no key yet.").waitFor();
    await look(studio, "settings no key");
    await page.getByRole("button", { name: "New key…" }).click();
    const form = page.getByRole("dialog", { name: "New key" });
    await form.getByRole("button", { name: "Create the key" }).click();
    await form.getByText("Give it a name.").waitFor();
    await form.getByText("Choose what it may do.").waitFor();
    await form.getByLabel("Name", { exact: true }).fill("nightly");
    await form.getByRole("checkbox", { name: /^workflows:read/ }).check();
    await form.getByLabel("Ends", { exact: true }).selectOption("In 30 days");
    await look(studio, "settings new key");
    await form.getByRole("button", { name: "Create the key" }).click();

    const shown = page.getByRole("dialog", { name: "The key “nightly”" });
    const first = await shown.getByLabel("Key", { exact: true }).inputValue();
    expect(first).toMatch(/^totem_key_/);
    await shown.getByRole("button", { name: "Copy Key" }).click();
    await shown.getByRole("button", { name: "Copied Key" }).waitFor();
    expect(await studio.clipboard()).toBe(first);
    await look(studio, "settings key shown once");
    await shown.getByRole("button", { name: "Done" }).click();
    expect(await page.content()).not.toContain(first);

    const row = rowOf(page, "nightly");
    await row.getByText("Created just now by Owner. Expires in 30 days.").waitFor();
    await row.getByText("Never used.").waitFor();
    expect(await works(first)).toBe(true);
    await page.reload();
    await row.getByText("Last used just now from 127.0.0.1.").waitFor();

    await row.getByRole("button", { name: "Rotate the key nightly" }).click();
    const rotating = page.getByRole("dialog", { name: "Rotate the key “nightly”" });
    await look(studio, "settings rotate a key");
    await rotating.getByRole("button", { name: "Rotate", exact: true }).click();
    const second = await shown.getByLabel("Key", { exact: true }).inputValue();
    expect(second).not.toBe(first);
    await shown.getByRole("button", { name: "Done" }).click();
    await row.getByText(/its overlap ends tomorrow/).waitFor();
    expect([await works(first), await works(second)]).toEqual([true, true]);
    await look(studio, "settings keys");

    await row.getByRole("button", { name: "Revoke the key nightly" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("There is no key yet.").waitFor();
    expect([await works(first), await works(second)]).toEqual([false, false]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the settings page of MCP addresses", () => {
  it("lists every address with its owner, makes one only when it is asked to, and revokes it", async () => {
    const slug = await journey.server.addWorkflow(agentWorkflow(), "Addresses");
    await journey.server.call(slug, "create");
    const { studio, page, complaints, context } = await open("mcp");
    await page.getByText("There is no address yet.").waitFor();
    await page.getByRole("button", { name: "New address…" }).click();
    const ask = page.getByRole("dialog", { name: "New MCP address" });
    await look(studio, "settings new address");
    await ask.getByRole("button", { name: "Create the address" }).click();
    await ask.getByText("Name the agent or the key").waitFor();
    await ask.getByLabel("Name", { exact: true }).fill("agent_addresses_agent");
    await ask.getByRole("button", { name: "Create the address" }).click();
    await page
      .getByRole("dialog", { name: "A new MCP address" })
      .getByRole("button", { name: "Done" })
      .click();
    const row = rowOf(page, "agent_addresses_agent (agent)");
    await row.getByText(/by Owner\.$/).waitFor();
    await look(studio, "settings addresses");
    await row.getByRole("button", { name: /^Revoke the address of agent_addresses_agent/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("There is no address yet.").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the settings page of models", () => {
  it("has every provider with its keys, and adds, replaces and removes one", async () => {
    const { studio, page, complaints, context } = await open("models");
    await page.getByRole("button", { name: "Add key for Anthropic" }).click();
    const add = page.getByRole("dialog", { name: "Add a key for Anthropic" });
    await add.getByRole("button", { name: "Store key" }).click();
    await add.getByText("Paste the key.").waitFor();
    await add.getByLabel("Name", { exact: true }).fill("claude");
    await add.getByLabel("Key", { exact: true }).fill("sk-ant-1");
    await add.getByRole("button", { name: "Store key" }).click();
    const row = rowOf(page, "claude");
    await row.getByText("Stored just now by Owner.").waitFor();
    await row.getByText("No workflow names it.").waitFor();
    await look(studio, "settings models");
    await row.getByRole("button", { name: "Replace the key claude" }).click();
    const replace = page.getByRole("dialog", { name: "Replace the key “claude”" });
    await replace.getByLabel("Key", { exact: true }).fill("sk-ant-2");
    await look(studio, "settings replace a model key");
    await replace.getByRole("button", { name: "Replace", exact: true }).click();
    await replace.waitFor({ state: "detached" });
    await row.getByRole("button", { name: "Remove the key claude" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await row.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the settings page of mail and webhooks", () => {
  it("says what is set and what is missing, and tests it", async () => {
    const { studio, page, complaints, context } = await open("mail");
    await page.getByText("Each agent has the address username@agents.example.").waitFor();
    await page
      .getByRole("list", { name: "Missing for Mail in by IMAP" })
      .getByText("TOTEM_IMAP_URL")
      .waitFor();
    await page.getByRole("button", { name: "Send a test message" }).click();
    await page.getByText("It works", { exact: true }).waitFor();
    await page.getByText("its code was found").waitFor();
    await look(studio, "settings mail");

    await page.getByRole("button", { name: "Set the address…" }).click();
    const set = page.getByRole("dialog", { name: "Send questions to a webhook" });
    await set.getByRole("button", { name: "Save" }).click();
    await set.getByText("Paste the address of the webhook.").waitFor();
    await look(studio, "settings webhook");
    await set.getByLabel("Address", { exact: true }).fill("https://hooks.example/T0/secret-part");
    await set.getByRole("button", { name: "Save" }).click();
    await page.getByText("hooks.example", { exact: true }).waitFor();
    expect(await page.content()).not.toContain("secret-part");
    await page.getByRole("button", { name: "Remove…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("button", { name: "Set the address…" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the settings page about the server", () => {
  it("says the version, the database and how the server is", async () => {
    const { studio, page, complaints, context } = await open("about");
    await page.getByText(/^Embedded PostgreSQL/).waitFor();
    await page.getByRole("list", { name: "Health" }).getByText("Works").first().waitFor();
    await look(studio, "settings about");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it("lets an auditor look at the keys, and offers nothing that an auditor may not do", async () => {
  const { server } = journey;
  await server.api("POST", "/keys", { name: "seen by the auditor", scopes: ["audit:read"] });
  const link = await linkFor(server, await addPerson(server, { roles: ["auditor"], name: "Ann" }));
  const { page, complaints, context } = await journey.visit({ viewport: desk });
  await page.goto(`${server.url}/#sign-in=${link}`);
  await page.getByRole("heading", { name: "Totem studio" }).waitFor();
  await page.goto(`${server.url}/settings/keys`);
  await rowOf(page, "seen by the auditor").getByText("by totem_admin").waitFor();
  for (const name of [/New key/, /Rotate/, /Revoke/])
    expect(await page.getByRole("button", { name }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});
