import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashToken } from "../../server/secrets/bearer-token.ts";
import { type AddedPerson, addPerson } from "../support/add-person.ts";
import { addAskingAgent, endOf } from "../support/asking-run.ts";
import type { WatchedPage } from "../support/browser.ts";
import { random } from "../support/seeded-random.ts";
import { startJourney } from "../support/start-journey.ts";

/** Stands in for a chat that takes Slack's messages. */
const links: string[] = [];
const chat = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    links.push(/"url":"([^"]+)"/.exec(body)?.[1] ?? "");
    response.end("ok");
  });
}).listen(0, "127.0.0.1");
await new Promise((resolve) => chat.once("listening", resolve));
const hook = `http://127.0.0.1:${(chat.address() as AddressInfo).port}`;
afterAll(() => void chat.close());

const journey = startJourney({ settings: { TOTEM_ALLOWED_URLS: hook } });
let ada: AddedPerson;
let ben: AddedPerson;
beforeAll(async () => {
  ada = await addPerson(journey.server, { roles: ["administrator"], name: "Ada" });
  ben = await addPerson(journey.server, { roles: ["operator"], name: "Ben" });
  await addPerson(journey.server, { roles: ["operator"], name: "Cleo" });
});

/** The studio as this person, who came in by a link and has not proved yet that it is them. */
async function openAs(person: AddedPerson, path: string): Promise<WatchedPage> {
  const link = `totem_link_${random.bytes(32).toString("base64url")}`;
  await journey.server.database.kysely
    .insertInto("sign_in_link")
    .values({
      token_hash: hashToken(link),
      workspace_id: person.workspaceId,
      person_id: person.id,
      expires_at: new Date("2999-01-01T00:00:00Z"),
    })
    .execute();
  const watched = await journey.visit();
  await watched.page.goto(`${journey.server.studioUrl}${path}#sign-in=${link}`);
  await watched.page.getByRole("heading", { name: "Totem studio" }).waitFor();
  return watched;
}

const proveAs = async (page: Page, person: AddedPerson) => {
  const dialog = page.getByRole("dialog", { name: "Prove that it is you" });
  await dialog.getByRole("textbox").fill(person.code());
  await dialog.getByRole("textbox").press("Enter");
  await dialog.waitFor({ state: "detached" });
};
const ask = { roles: ["operator" as const] };

describe("four eyes in the studio", () => {
  it("H9: the node says whom it waits for, the bell asks another person, and their yes lets the run go on", async () => {
    const { slug, username } = await addAskingAgent(journey.server, "In the studio", { ask });
    const hers = await openAs(ada, `/w/${slug}`);
    await hers.studio.sendMessage("go");
    const card = hers.studio.card("vault_totp");
    await card.getByText("Waits for one of two operators").waitFor();
    // She started it: the bell shows her the question without buttons, and says why.
    await hers.page.getByRole("button", { name: "Questions" }).click();
    await hers.page.getByText("You asked for this or caused it", { exact: false }).waitFor();
    expect(await hers.page.getByRole("button", { name: "Approve" }).count()).toBe(0);

    const his = await openAs(ben, "/vault");
    await his.page.getByRole("button", { name: "1 question waits for you" }).click();
    const question = his.page.getByRole("article", { name: `${username} asks for a code of Service` });
    await question.getByText("To sign in to the service.").waitFor();
    await question.getByText("The model’s words. Totem did not check them.").waitFor();
    expect(await his.studio.seriousAxeProblems()).toEqual([]);
    await question.getByRole("button", { name: "Approve" }).click();
    await proveAs(his.page, ben);
    await his.page.getByRole("button", { name: "Questions" }).waitFor();

    await hers.studio.runStatus("succeeded").waitFor();
    await card.getByText("Waits for one of two operators").waitFor({ state: "detached" });
    expect([hers.complaints, his.complaints.filter((each) => !each.includes("403"))]).toEqual([[], []]);
    await Promise.all([hers.context.close(), his.context.close()]);
  });

  it("a link from a chat opens its one question after signing in, and a no ends the call", async () => {
    const server = journey.server;
    await server.api("PUT", "/settings/approval-webhook", { url: hook });
    const { slug } = await addAskingAgent(server, "By chat", { ask });
    const started = await ada.send("POST", `/workflows/${slug}/runs`, { input: "go" });
    await expect.poll(() => links.length, { timeout: 20_000 }).toBe(1);
    const his = await openAs(ben, "/vault");
    await his.page.goto(links[0] ?? "");
    const dialog = his.page.getByRole("dialog", { name: "A question waits" });
    await dialog.getByText("By chat").waitFor();
    expect(his.page.url()).not.toContain("#");
    expect(await his.studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Deny" }).click();
    await proveAs(his.page, ben);
    await dialog.getByText("Denied").waitFor();
    const ended = await endOf(server, started.body.id);
    expect(ended.results).toMatchObject([{ ok: false, result: { code: "APPROVAL_DENIED" } }]);
    await his.context.close();
  });

  it("who is asked, how many and how long is set in the entry's panel, after a second look", async () => {
    const { entryId } = await addAskingAgent(journey.server, "By panel", { ask: null });
    const { page, studio, context } = await openAs(ada, `/vault?entry=${entryId}`);
    const section = page.getByRole("region", { name: "Ask people first" });
    await section.getByText("No person is asked before a code is read.").waitFor();
    await section.getByRole("button", { name: "Ask people…" }).click();
    const dialog = page.getByRole("dialog", { name: "Ask people before each code" });
    await dialog.getByRole("checkbox", { name: "Administrator" }).check();
    await dialog.getByRole("checkbox", { name: "Ben" }).check();
    await dialog.getByRole("radio", { name: "Two people" }).check();
    await dialog.getByRole("spinbutton", { name: "A question is open for" }).fill("30");
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await proveAs(page, ada);
    await section
      .getByText("Two people say yes before each code: administrator, operator, or one named person.", {
        exact: false,
      })
      .waitFor();
    const { body } = await journey.server.api("GET", `/vault/entries/${entryId}/ask`);
    expect(body.ask).toEqual({
      roles: ["administrator", "operator"],
      people: [ben.id],
      needed: 2,
      open_minutes: 30,
      good_minutes: 15,
    });
    await section.getByRole("button", { name: "Change…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Ask no person" }).click();
    await section.getByText("No person is asked before a code is read.").waitFor();
    await context.close();
  });
});
