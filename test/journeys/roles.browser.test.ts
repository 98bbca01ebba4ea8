import { beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../plugin/roles.ts";
import { addPerson, linkFor } from "../support/add-person.ts";
import { signInPage } from "../support/browser-studio.ts";
import { look } from "../support/look-at-view.ts";
import { signInPerson } from "../support/person-session.ts";
import { startJourney } from "../support/start-journey.ts";
import { linkOf } from "../support/vault-entries.ts";

const journey = startJourney();
const slug = "prove-who-you-are";

beforeAll(async () => {
  // The first person of a server is its owner.
  await signInPerson(journey.server);
  await journey.server.api("POST", "/vault/entries", {
    name: "Bank",
    enrolment: linkOf("Bank", "ops@example.com"),
  });
  await journey.deliver("Your code is 482913");
});

let ran: Promise<void> | undefined;
/** Runs the starter workflow, once: its agent has an account then. */
const run = (): Promise<void> => {
  ran ??= runOnce();
  return ran;
};
async function runOnce(): Promise<void> {
  const { body } = await journey.server.api("POST", `/workflows/${slug}/runs`, { input: "Prove it." });
  await expect
    .poll(async () => (await journey.server.api("GET", `/runs/${body.id}`)).body.status)
    .toBe("succeeded");
}

/** The studio of a person with one role. Nothing that its pages read by themselves may be refused. */
async function openAs(role: Role, path: string) {
  const person = await addPerson(journey.server, { roles: [role], factor: false });
  const watched = await journey.visit();
  await signInPage(watched.context, journey.server, { link: await linkFor(journey.server, person) });
  await watched.page.goto(journey.server.url + path);
  await watched.page.getByRole("heading", { name: "Totem studio" }).waitFor();
  return watched;
}

const pagesOf = {
  builder: ["Workflows", "Settings"],
  operator: ["Workflows", "Vault", "Inbox", "Hosts", "Settings"],
  auditor: ["Workflows", "Vault", "Inbox", "Hosts", "Audit log", "Settings"],
} as const;

describe.each(["builder", "operator", "auditor"] as const)("as %s", (role) => {
  it("offers the pages that the role can use, and no page asks for what is refused", async () => {
    const { page, complaints, context } = await openAs(role, "/settings");
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    await expect.poll(() => links.allInnerTexts()).toEqual(pagesOf[role]);
    for (const name of pagesOf[role].slice(1)) {
      await links.filter({ hasText: name }).click();
      await page.getByRole("heading", { level: 2, name }).waitFor();
      await page.waitForLoadState("networkidle");
    }
    const pages = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
    for (const name of await pages.allInnerTexts()) {
      await pages.filter({ hasText: name }).click();
      await page.getByRole("heading", { level: 3 }).first().waitFor();
      await page.waitForLoadState("networkidle");
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the vault of a builder", () => {
  it("is absent, says why at its address, and shows what is granted", async () => {
    const person = await addPerson(journey.server, { roles: ["builder"], factor: false });
    const watched = await journey.visit();
    const { page, studio, complaints, context } = watched;
    await signInPage(context, journey.server, { link: await linkFor(journey.server, person) });
    await page.goto(`${journey.server.url}/vault`);
    await page.getByText("Nothing is granted to you").waitFor();
    const link = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Vault" });
    expect(await link.count()).toBe(0);
    await look(studio, "vault of a builder");

    const { id } = (await journey.server.api("GET", "/vault/entries")).body.entries[0];
    const grantee = { kind: "person", id: person.id };
    await journey.server.api("PUT", `/vault/entries/${id}/grants`, { grantee, rights: ["codes"] });
    await page.goto(`${journey.server.url}/settings`);
    await link.click();
    await page.getByRole("link", { name: /^Bank/ }).click();
    await page.getByRole("button", { name: /^Copy the code/ }).waitFor();
    await page.getByText("Only managers of the entry see who else may use it.").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is not the only page whose address says that the role does not include it", async () => {
    const { page, context, expectComplaint } = await openAs("builder", "/settings");
    expectComplaint(/403/);
    for (const path of ["/inbox", "/hosts", "/audit"]) {
      await page.goto(journey.server.url + path);
      await page.getByText("Your role does not include this page").waitFor();
      await page.getByText("An owner or administrator can change your role.").waitFor();
    }
    await context.close();
  });
});

describe("the canvas", () => {
  it("is drawn and run by a builder, who sees no code", async () => {
    await run();
    const { studio, page, complaints, context } = await openAs("builder", `/w/${slug}`);
    await studio.card("get_totp_code").getByText("Codes are for operators").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).waitFor();
    await studio.node("agent").click({ position: { x: 30, y: 10 } });
    await page.getByLabel("Name on the canvas").waitFor();
    expect(await page.getByLabel("Name on the canvas").isEnabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Disable account" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /Connect over MCP/ }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is read by an operator, who changes nothing and starts no run", async () => {
    await run();
    const { studio, page, complaints, context } = await openAs("operator", `/w/${slug}`);
    await studio.card("get_totp_code").locator('[data-code="live"]').waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).count()).toBe(0);
    await page.getByText("Your role reads runs. A builder, administrator or owner starts them.").waitFor();
    expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);
    await studio.node("agent").click({ position: { x: 30, y: 10 } });
    await page.getByText("Your role reads workflows. A builder changes them.").waitFor();
    expect(await page.getByLabel("Name on the canvas").isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Prove the chain" }).count()).toBe(0);
    await page.getByRole("button", { name: "Disable account" }).waitFor();
    await page.keyboard.press("Delete");
    await page.keyboard.press("Control+Enter");
    await studio.node("agent").waitFor();
    await page.getByRole("button", { name: /^Workflow:/ }).click();
    expect(await page.getByRole("button", { name: "New workflow…" }).count()).toBe(0);
    await look(studio, "canvas of an operator");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("an auditor", () => {
  it("sees the vault and the inbox as lists, and opens nothing in them", async () => {
    const { studio, page, complaints, context } = await openAs("auditor", "/vault");
    await page.locator('[data-entry="Bank"]').click();
    await page.getByText("You may not read its codes.").waitFor();
    for (const name of ["Add", "Grant access…", "Replace the seed…", "Delete"])
      expect(await page.getByRole("button", { name, exact: true }).count(), name).toBe(0);
    await look(studio, "vault of an auditor");
    await page.getByRole("link", { name: "Inbox" }).click();
    await page.getByText("Your role reads this list. It opens no message.").waitFor();
    await page.locator("[data-message]").first().waitFor();
    expect(await page.locator("[data-message] a[data-row]").count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
