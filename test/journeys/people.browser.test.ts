import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Role } from "../../plugin/roles.ts";
import { addPerson, linkFor } from "../support/add-person.ts";
import { signInPage } from "../support/browser-studio.ts";
import { look } from "../support/look-at-view.ts";
import { addDevice, siteOf } from "../support/passkey-page.ts";
import { signInPerson } from "../support/person-session.ts";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

const rowOf = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

/** The studio of a new person with these roles, who has just come in by a link. */
async function openAs(roles: readonly Role[], path: string, name: string) {
  // The first person of a server is its owner.
  const owner = await journey.server.database.kysely.selectFrom("person").select("id").executeTakeFirst();
  if (!owner) await signInPerson(journey.server);
  const person = await addPerson(journey.server, { roles, name, factor: false });
  const watched = await journey.visit();
  await signInPage(watched.context, journey.server, { link: await linkFor(journey.server, person) });
  await watched.page.goto(journey.server.url + path);
  await watched.page.getByRole("heading", { name: "Totem studio" }).waitFor();
  return { ...watched, person };
}

it("H7: invites a person by a link that is shown once; they come in, add a passkey and see what their role may", async () => {
  const owner = await openAs(["owner"], "/settings/people", "Olga Owner");
  await owner.page.getByRole("button", { name: "Invite" }).click();
  const dialog = owner.page.getByRole("dialog", { name: "Invite a person" });
  await dialog.getByLabel("E-mail address").fill("audra@example.com");
  await dialog.getByRole("checkbox", { name: /^Builder/ }).uncheck();
  await dialog.getByRole("button", { name: "Invite" }).click();
  await dialog.getByText("Choose at least one role.").waitFor();
  await dialog.getByRole("checkbox", { name: /^Auditor/ }).check();
  await look(owner.studio, "dialog to invite");
  await dialog.getByRole("button", { name: "Invite" }).click();
  const link = await owner.page.getByRole("textbox", { name: "Invitation link" }).inputValue();
  await owner.page.getByRole("button", { name: "Done" }).click();
  await rowOf(owner.page, "audra@example.com").getByText("invited by Olga Owner").waitFor();
  expect(await owner.page.content()).not.toContain(link.split("=")[1]);
  await look(owner.studio, "people and invitations");

  const guest = await journey.visit();
  await addDevice(guest.page);
  await guest.page.goto(siteOf(journey.server) + new URL(link).pathname + new URL(link).hash);
  await guest.page.getByRole("heading", { name: "You are invited" }).waitFor();
  expect(guest.page.url()).not.toContain("invitation");
  await guest.page.getByText("Olga Owner invites you to the workspace default as Auditor.").waitFor();
  await look(guest.studio, "invitation");
  await guest.page.getByLabel("Your name").fill("Audra Auditor");
  await guest.page.getByRole("button", { name: "Accept" }).click();
  await guest.page.getByRole("heading", { name: "Add a passkey now" }).waitFor();
  await look(guest.studio, "passkey after an invitation");
  await guest.page.getByRole("button", { name: "Add a passkey" }).click();
  await guest.page.getByRole("button", { name: "You: Audra Auditor" }).waitFor();

  // An auditor reads who is here, and changes nothing.
  await guest.page.goto(`${siteOf(journey.server)}/settings/people`);
  await rowOf(guest.page, "Olga Owner").waitFor();
  await guest.page.getByText("An owner or administrator invites people and changes their roles.").waitFor();
  for (const name of ["Invite", "Add by hand", /^Remove/, /^Change roles/])
    expect(await guest.page.getByRole("button", { name }).count(), String(name)).toBe(0);
  await look(guest.studio, "people for an auditor");
  expect(guest.complaints).toEqual([]);

  // The link is used up.
  const late = await journey.visit();
  late.expectComplaint(/404/);
  await late.page.goto(link);
  await late.page.getByText("This invitation was used, has expired or was withdrawn.").waitFor();

  // Other roles, from the next request on; then out, with all that is theirs.
  await owner.page.reload();
  await owner.page.getByRole("button", { name: "Change roles of Audra Auditor" }).click();
  await owner.page.getByRole("checkbox", { name: /^Operator/ }).check();
  await owner.page.getByRole("button", { name: "Save" }).click();
  await rowOf(owner.page, "Audra Auditor").getByText("Operator and auditor").waitFor();
  await owner.page.getByRole("button", { name: "Remove Audra Auditor" }).click();
  await owner.page.getByText("Their sessions end at once").waitFor();
  await owner.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await rowOf(owner.page, "Audra Auditor").waitFor({ state: "detached" });
  guest.expectComplaint(/401/);
  await guest.studio.hearOfItsEnd();
  expect(owner.complaints).toEqual([]);
  for (const { context } of [owner, guest, late]) await context.close();
});

it("adds a person by hand, withdraws an invitation, and says that the last owner stays", async () => {
  const { page, context, expectComplaint } = await openAs(
    ["administrator"],
    "/settings/people",
    "Adam Admin",
  );
  await page.getByRole("button", { name: "Add by hand" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Bob Builder");
  await dialog.getByLabel("E-mail address").fill("bob@example.com");
  await dialog.getByText("Only an owner names owners.").waitFor();
  expect(await dialog.getByRole("checkbox", { name: /^Owner/ }).isDisabled()).toBe(true);
  await dialog.getByRole("button", { name: "Add" }).click();
  expect(await page.getByRole("textbox", { name: "Sign-in link" }).inputValue()).toContain("/#sign-in=");
  await page.getByRole("button", { name: "Done" }).click();
  await rowOf(page, "Bob Builder").getByText("not here yet").waitFor();

  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("E-mail address").fill("carl@example.com");
  await page.getByRole("dialog").getByRole("button", { name: "Invite" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Withdraw the invitation of carl@example.com" }).click();
  await rowOf(page, "carl@example.com").getByText("withdrawn").waitFor();

  expectComplaint(/40[39]/);
  await page
    .getByRole("button", { name: /^Remove/ })
    .first()
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("alert").getByText(/owner/).waitFor();
  await context.close();
});

it("goes from one workspace to another in the menu of the person", async () => {
  const { page, context, person, complaints } = await openAs(["owner"], "/settings/people", "Wanda");
  const db = journey.server.database.kysely;
  const { id } = (await journey.server.api("POST", "/workspaces", { name: "Second place" })).body;
  await db
    .insertInto("workspace_member")
    .values({
      workspace_id: id,
      person_id: person.id,
      roles: ["auditor"],
      created_at: new Date("2026-01-01T00:00:00Z"),
    })
    .execute();
  await page.reload();
  await page.getByRole("button", { name: "You: Wanda, default" }).click();
  await page.getByRole("button", { name: "Second place" }).click();
  await page.getByRole("button", { name: "You: Wanda, Second place" }).click();
  await page.getByText("Auditor", { exact: true }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
