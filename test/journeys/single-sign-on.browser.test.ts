import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkFor } from "../support/add-person.ts";
import { signInPage } from "../support/browser-studio.ts";
import { look } from "../support/look-at-view.ts";
import { type PersonSession, signInPerson } from "../support/person-session.ts";
import { startJourney } from "../support/start-journey.ts";
import { startOidcProvider } from "../support/start-oidc-provider.ts";

const provider = await startOidcProvider({
  ada: { email: "ada@example.com", email_verified: true, name: "Ada", groups: ["makers"] },
  eve: { email: "eve@elsewhere.example", email_verified: true, name: "Eve", groups: ["makers"] },
});
const journey = startJourney({ settings: { TOTEM_PRIVATE_URLS: `sign-in ${provider.issuer}` } });
let owner: PersonSession;

beforeAll(async () => {
  const { server } = journey;
  owner = await signInPerson(server);
  provider.sendBackTo(`${server.studioUrl}/api/v1/people/auth/single-sign-on/callback`);
  await configure();
});
afterAll(() => provider.stop());

const configure = () =>
  owner.send("PUT", "/settings/single-sign-on", {
    name: "Company",
    issuer: provider.issuer,
    client_id: provider.clientId,
    client_secret: provider.clientSecret,
    domains: ["example.com"],
    roles_of_groups: { makers: ["builder"] },
  });

/** From our sign-in page through the provider's own pages. */
async function goThere(name: string) {
  const visitor = await journey.visit();
  visitor.expectComplaint(/401/);
  // The provider's pages ask for a font in the internet.
  visitor.expectComplaint(/fonts\.googleapis/);
  const { page } = visitor;
  await page.goto(journey.server.studioUrl ?? "");
  await page.getByRole("button", { name: "Continue with Company" }).click();
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  return visitor;
}

describe("H7: single sign-on in a browser", () => {
  it("leads from the button to the provider and back, signed in, and leaves nothing in the address", async () => {
    const { page, context, complaints } = await goThere("ada");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Totem studio" }).waitFor();
    expect(page.url()).not.toMatch(/[#?]/);
    // The session is the page's own: its proof is in the storage, its cookie in no script.
    expect(await page.evaluate(() => document.cookie)).toBe("");
    const { name, roles } = await page.evaluate(async () => {
      const headers = { "x-totem-proof": localStorage.getItem("totem.proof") ?? "" };
      return (await fetch("/api/v1/people/me", { headers })).json();
    });
    expect({ name, roles }).toEqual({ name: "Ada", roles: ["builder"] });
    await page.reload();
    await page.getByRole("heading", { name: "Totem studio" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says in a sentence why a person has no entry, and shows the other ways", async () => {
    const visitor = await goThere("eve");
    visitor.expectComplaint(/403/);
    const { page, context } = visitor;
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").getByText("you have no role here").waitFor();
    await page.getByRole("button", { name: "Continue with Company" }).waitFor();
    expect(page.url()).toBe(`${journey.server.studioUrl}/`);
    await context.close();
  });

  it("comes back with a sentence when the person does not agree", async () => {
    const { page, context } = await goThere("ada");
    await page.getByRole("link", { name: /Cancel/ }).click();
    await page.getByRole("alert").getByText("was not accepted").waitFor();
    await context.close();
  });

  it("gives a program on another port nothing: not by its own sign-in, not by the cookie", async () => {
    // The program begins a sign-in with a proof of its own and leads the person's browser through it.
    const { server } = journey;
    const stolen = "s".repeat(43);
    const [{ workspace_id }] = (await server.send("GET", "/api/v1/people/ways")).body.single_sign_on;
    const began = await server.send(
      "POST",
      "/api/v1/people/auth/single-sign-on",
      { workspace_id },
      { "x-totem-proof": stolen },
    );
    const visitor = await journey.visit();
    visitor.expectComplaint(/401|403/);
    const { page, context } = visitor;
    await page.goto(began.body.url);
    await page.getByPlaceholder("Enter any login").fill("ada");
    await page.getByPlaceholder("and password").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").getByText("begun in another browser").waitFor();
    // No cookie goes to any port of this host, so none can be replayed with that proof.
    const cookies = (await context.cookies([server.url, server.studioUrl ?? ""])).filter(({ name }) =>
      name.startsWith("__Host-totem"),
    );
    expect(cookies).toEqual([]);
    await context.close();
  });

  it("is set up, changed and removed in the settings: the secret goes in and is never shown", async () => {
    const { server } = journey;
    const me = (await owner.send("GET", "/people/me")).body;
    const workspaceId = me.workspaces[0].id;
    await owner.send("DELETE", "/settings/single-sign-on");
    const watched = await journey.visit();
    const { page, studio, context, complaints } = watched;
    await signInPage(context, server, { link: await linkFor(server, { id: me.id, workspaceId }) });
    await page.goto(`${server.url}/settings/sign-in`);
    const section = page.getByRole("region", { name: "Single sign-on" });
    await section.getByText("It is not set up.").waitFor();
    await section.getByRole("button", { name: "Set up single sign-on" }).click();
    const dialog = page.getByRole("dialog", { name: "Single sign-on" });
    const fill = (name: string, text: string) => dialog.getByLabel(name, { exact: true }).fill(text);
    await fill("Name on the button", "Company");
    await fill("Issuer", provider.issuer);
    await fill("Client id", provider.clientId);
    await fill("Client secret", provider.clientSecret);
    await fill("Domains of addresses that may sign in", "example.com");
    await fill("Roles of groups", "makers: wizard");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").getByText("Line 1: write a group, a colon and roles").waitFor();
    await fill("Roles of groups", "makers: builder, auditor");
    await look(studio, "dialog of single sign-on");
    await dialog.getByRole("button", { name: "Save" }).click();
    await section.getByText("stored, never shown").waitFor();
    await section.getByText("Builder and auditor").waitFor();
    const redirect = await section.getByRole("textbox", { name: "Redirect address" }).inputValue();
    expect(redirect).toBe(`${server.studioUrl}/api/v1/people/auth/single-sign-on/callback`);
    expect(await page.content()).not.toContain(provider.clientSecret);

    // With the stored secret a person comes in, with the roles that the dialog gave.
    const visitor = await goThere("ada");
    await visitor.page.getByRole("button", { name: "Continue" }).click();
    await visitor.page.getByRole("heading", { name: "Totem studio" }).waitFor();
    await visitor.studio.openYouMenu();
    await visitor.page.getByText("Builder and auditor").waitFor();
    await visitor.context.close();

    await section.getByRole("button", { name: "Change" }).click();
    await dialog.getByText("The client secret is stored.").waitFor();
    await fill("Name on the button", "Our company");
    await dialog.getByRole("button", { name: "Save" }).click();
    await section.getByText("Our company", { exact: true }).waitFor();
    await section.getByRole("button", { name: "Remove single sign-on" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await section.getByText("It is not set up.").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
    // As the other tests of this file want it.
    await configure();
  });
});
