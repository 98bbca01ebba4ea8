import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { agentWorkflow } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";
import { startWaiting } from "../support/waiting-run.ts";
import { withoutRandom } from "../support/without-random.ts";

const journey = startJourney();

const twoCodes = (other: string) => `Your code is 482913 or your code is ${other}`;
const messageNow = (id: string) => journey.server.api("GET", `/inbox/messages/${id}`);

const open = (path = "/inbox") => journey.open(path);
const rows = (page: Page): Locator => page.locator("[data-message]");
const rowOf = (page: Page, id: string): Locator => page.locator(`[data-message="${id}"]`);
async function openMessage(page: Page, id: string): Promise<Locator> {
  await rowOf(page, id).locator("[data-row]").click();
  const panel = page.getByRole("complementary", { name: "Message" });
  await panel.locator('[data-part="reading"]').waitFor();
  return panel;
}
const news = (page: Page) => page.getByTestId("inbox-news").textContent();
const marksOf = (page: Page): Locator => page.locator('[data-part="reading-text"] mark');

describe("the inbox", () => {
  it("says how to send a first message while it is empty, and is reached from a workflow's bar", async () => {
    await journey.server.addWorkflow({ nodes: [], edges: [] }, "Some flow");
    const { studio, page, complaints, context } = await journey.open();
    await page.getByRole("link", { name: "Inbox" }).click();
    await page.getByText("No message has arrived yet").waitFor();
    expect(studio.path()).toBe("/inbox");
    expect(await page.locator('[data-part="example"]').textContent()).toContain(
      `${journey.server.url}/v1/credentials/totp`,
    );
    expect(await studio.seriousAxeProblems()).toEqual([]);

    // The first one is there without asking for it.
    const id = await journey.deliver("Your login code is 482913");
    await rowOf(page, id).waitFor();
    await expect.poll(() => news(page)).toBe("A message arrived: a code was found.");
    await page.goBack();
    await page.getByTestId("canvas").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lists what came, what was found in it and why, and who got it, in words", async () => {
    await journey.deliver("Sign in: https://github.com/login/verify?token=abcdef1234567890", "+1 555 0100");
    await journey.deliver(twoCodes("771204"));
    await journey.deliver("Lunch at noon?");
    const { studio, page, complaints, context } = await open("/inbox");
    for (const [kind, words] of [
      ["code", "Code"],
      ["link", "Link"],
      ["ambiguous", "Not sure"],
      ["none", "Nothing"],
    ] as const)
      await page.locator(`[data-kind="${kind}"]`).getByText(words, { exact: true }).first().waitFor();
    const unsure = page.locator('[data-kind="ambiguous"]').first();
    expect(await unsure.locator('[data-part="why"]').textContent()).not.toBe("");
    expect(await unsure.textContent()).toContain("Not handed out yet");
    expect(withoutRandom(await page.content())).not.toContain("771204");
    expect(await studio.seriousAxeProblems()).toEqual([]);

    await page.getByLabel("Found").selectOption("Link");
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.getByLabel("Found").selectOption("Anything or nothing");
    await page.getByLabel("Address or agent").fill("+1 555 0100");
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.getByLabel("Address or agent").fill("nobody@example.com");
    await page.getByText("No such message").waitFor();
    await page.getByLabel("Address or agent").fill("");

    // By the keys alone: down the list, open, close, and back where one was.
    await rows(page).first().locator("[data-row]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "Message" });
    await panel.locator('[data-part="reading"]').waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await panel.getByRole("button", { name: "Close message" }).press("Escape");
    await panel.waitFor({ state: "detached" });
    const at = await page.evaluate(() => document.activeElement?.closest("li")?.dataset.kind);
    expect(at).toBe("ambiguous");

    await page.setViewportSize({ width: 360, height: 740 });
    await rows(page).first().locator("[data-row]").click();
    await panel.locator('[data-part="reading"]').waitFor();
    expect(await studio.scrollWidth()).toBe(360);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("lets what arrives wait while somebody is busy in the list, so that no row slips away", async () => {
    const { studio, page, complaints, context } = await open();
    const first = rows(page).first().locator("[data-row]");
    await first.focus();
    const before = await first.boundingBox();
    const id = await journey.deliver("Your PIN is 118822");
    const more = page.getByRole("button", { name: "Show 1 new message" });
    await more.waitFor();
    await expect.poll(() => news(page)).toBe("A message arrived: a code was found.");
    expect(await first.boundingBox()).toEqual(before);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await more.click();
    await rowOf(page, id).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("reads older messages page by page, each once", async () => {
    for (let more = 0; more < 52; more++)
      await journey.deliver(`Note ${more}: lunch at noon?`, "many@example.com");
    await journey.deliver("Lunch at one?");
    const { page, complaints, context } = await open();
    await page.getByLabel("Address or agent").fill("many@example.com");
    await expect
      .poll(async () => (await rows(page).allTextContents()).filter((row) => row.includes("many@")).length)
      .toBe(50);
    await expect.poll(() => rows(page).count()).toBe(50);
    await page.getByRole("button", { name: "Show older messages" }).click();
    await expect.poll(() => rows(page).count()).toBe(52);
    const ids = await rows(page).evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.message));
    expect(new Set(ids).size).toBe(52);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("that cannot be read says so, and can be tried again", async () => {
    const { page, context, expectComplaint } = await open();
    expectComplaint(/400|404/);
    await rows(page).first().waitFor();
    await page.route("**/api/v1/inbox/messages?*", (route) => route.fulfill({ status: 400, body: "{}" }));
    await page.getByText("New messages are not shown just now").waitFor();
    await page.reload();
    await page.getByText("The inbox cannot be read").waitFor();
    await page.unroute("**/api/v1/inbox/messages?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await rows(page).first().waitFor();
    await page.goto(`${journey.server.url}/inbox?message=6f1f5b46-6d2b-4a5c-8a3e-0f8e5b1c2d3e`);
    await page.getByText("There is nothing to show").waitFor();
    await context.close();
  });
});

describe("a message", () => {
  it("shows each reason where it counted, is read again, and its opening is written down", async () => {
    const id = await journey.deliver("Your verification code is 903311");
    const { page, complaints, context } = await open();
    const panel = await openMessage(page, id);
    expect(await panel.locator('[data-part="result"]').textContent()).toContain("903311");
    const reasons = panel.locator('[data-part="reason"]');
    await reasons.first().hover();
    await expect.poll(() => panel.locator("mark[data-lit]").count()).toBeGreaterThan(0);
    await reasons.last().focus();
    await page.mouse.move(0, 0);
    await expect.poll(() => panel.locator("mark[data-lit]").count()).toBeGreaterThan(0);
    await panel.getByRole("button", { name: "Read again" }).click();
    await page.getByText("The message was read again.").waitFor();
    const { audit_events } = (await journey.server.api("GET", `/audit-events?subject=${id}`)).body;
    expect(audit_events.map(({ action }: { action: string }) => action)).toContain("inbox.message_read");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says what is kept of it once its text was deleted", async () => {
    const id = await journey.deliver("Your code is 220099");
    await journey.server.database.kysely
      .updateTable("inbox_message")
      .set({ sealed_head: null, sealed_body: null, purged_at: new Date() })
      .where("id", "=", id)
      .execute();
    const { studio, page, complaints, context } = await open();
    await rowOf(page, id).getByText("The text was deleted").waitFor();
    await rowOf(page, id).locator("[data-row]").click();
    const panel = page.getByRole("complementary", { name: "Message" });
    await panel
      .getByText("The text was deleted. The sender, the time and the hash are still stored.")
      .waitFor();
    expect(await panel.getByRole("button", { name: "Read again" }).count()).toBe(0);
    expect(await panel.getByRole("button", { name: "Hand over" }).count()).toBe(0);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is handed over to one of those who wait for it, and then says who got it", async () => {
    const { slug, id: runId, agent, statusNow } = await startWaiting(journey.server, "Handed over");
    const id = await journey.deliver(twoCodes("664412"), agent);
    const { studio, page, complaints, context } = await open();
    const panel = await openMessage(page, id);
    await panel.getByText("What could be meant").waitFor();
    await panel.getByRole("button", { name: "Hand over" }).click();
    const dialog = page.getByRole("dialog", { name: "Hand over" });
    await dialog.getByText(`In workflow ${slug}, run ${runId.slice(0, 8)},`, { exact: false }).waitFor();
    await dialog.getByRole("button", { name: "Hand over" }).click();
    await dialog.getByText("Choose who gets it, and which one.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByLabel("664412").check();
    await dialog.getByRole("button", { name: "Hand over" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(statusNow).toBe("succeeded");
    await panel.getByText(`Given to ${agent}`).waitFor();
    await rowOf(page, id).getByText(`Given to ${agent}`).waitFor();
    expect(await rowOf(page, id).getByText("Not sure").count()).toBe(0);
    expect(await panel.getByRole("button", { name: "Hand over" }).count()).toBe(0);
    expect(await rowOf(page, id).getByRole("link", { name: /^run / }).getAttribute("href")).toContain(slug);

    await (await openMessage(page, await journey.deliver(twoCodes("880135"))))
      .getByRole("button", { name: "Hand over" })
      .click();
    await page.getByText("No agent waits for a message like this one now.").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("asks above the list, where only a person can say which code is meant", async () => {
    const { slug, agent, statusNow } = await startWaiting(journey.server, "Asked above");
    await journey.deliver(twoCodes("335577"), agent);
    const { studio, page, complaints, context } = await open();
    const ask = page.locator("[data-wait]", { hasText: agent });
    await ask.getByText(`only a person can say which code is meant: ${slug}, ${agent}.`).waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await ask.getByRole("button", { name: "Pick the code" }).click();
    const dialog = page.getByRole("dialog", { name: "Which code is it?" });
    await dialog.getByText("335577", { exact: true }).first().waitFor();
    await expect.poll(() => studio.focusedAttribute("name")).toBe("pick");
    await dialog.getByText("335577", { exact: true }).first().click();
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(statusNow).toBe("succeeded");
    await ask.waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is gone at once when it is deleted, and back at once when that is undone: the server was not asked", async () => {
    const id = await journey.deliver("Your code is 665544");
    const { studio, page, complaints, context } = await open();
    const sent = studio.requestsFromNow((request) => request.method() === "DELETE");
    await (await openMessage(page, id)).getByRole("button", { name: "Delete" }).click();
    await rowOf(page, id).waitFor({ state: "detached" });
    await page.getByText("The message is deleted.").waitFor();
    expect(await studio.focusedText()).toBe("Undo");
    await page.getByRole("button", { name: "Undo" }).click();
    await rowOf(page, id).waitFor();
    expect(sent).toEqual([]);
    expect((await messageNow(id)).status).toBe(200);

    // Dismissed: meant. Then the server is asked.
    await (await openMessage(page, id)).getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(async () => (await messageNow(id)).status).toBe(404);
    expect(sent).toHaveLength(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("mailboxes", () => {
  it("are added, given readers and lists, and deleted with an undo", async () => {
    const address = "shared@example.com";
    const slug = await journey.server.addWorkflow(agentWorkflow(), "Reads");
    const { username } = (await journey.server.call(slug, "create")).body;
    const boxNow = async () =>
      (await journey.server.api("GET", "/inbox/mailboxes")).body.mailboxes.find(
        (box: { address: string }) => box.address === address,
      );
    const { studio, page, complaints, context, expectComplaint } = await open("/inbox?show=mailboxes");
    expectComplaint(/409/);
    await page.getByRole("button", { name: "Add an address" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Address" }).fill(address.toUpperCase());
    await dialog.getByRole("button", { name: "Add", exact: true }).click();

    // Who may read it is asked at once.
    await dialog.getByLabel(username).check();
    await dialog.getByLabel("Takes messages only from").fill("github.com\ngitlab.com");
    await dialog.getByLabel("Refuses messages from").fill("spam.example");
    expect(await studio.seriousAxeProblems()).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    const row = page.locator(`[data-mailbox="${address}"]`);
    await row.getByText(`${username} may wait for its codes.`).waitFor();
    expect(await boxNow()).toMatchObject({
      readers: [username],
      allow: ["github.com", "gitlab.com"],
      block: ["spam.example"],
    });
    expect(await studio.seriousAxeProblems()).toEqual([]);

    await page.getByRole("button", { name: "Add an address" }).click();
    await dialog.getByRole("textbox", { name: "Address" }).fill(address);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.getByText("There is such a mailbox already.").waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: `Delete ${address}` }).click();
    await row.waitFor({ state: "detached" });
    await expect.poll(() => studio.focusedText()).toBe("Undo");
    await page.keyboard.press("Enter");
    await row.waitFor();
    await page.getByRole("button", { name: `Delete ${address}` }).click();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect.poll(boxNow).toBeUndefined();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await studio.scrollWidth()).toBe(360);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("a message to try", () => {
  it("is read as it is pasted, each reason is shown where it counted, and nothing is kept", async () => {
    const { studio, page, complaints, context } = await open("/inbox?show=try");
    await page.getByText("The reading appears here.").waitFor();
    await page.getByLabel("From").fill("GitHub <noreply@github.com>");
    await page.getByLabel("Subject").fill("Please verify your device");
    await page
      .getByRole("textbox", { name: "Message" })
      .fill("Verification code: 482 913\n\nIf you did not sign in, write to us. © 2026 GitHub");
    const reading = page.getByRole("region", { name: "The reading" });
    await reading.locator('[data-part="found-value"]', { hasText: "482913" }).waitFor();
    await expect.poll(() => reading.getByRole("status").textContent()).toBe("A code was found: 482913.");
    await marksOf(page).first().waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);

    // A reason says where it counted, and the place says its reason.
    const reason = reading.locator('[data-part="reason"]').first();
    await reason.focus();
    await expect.poll(() => page.locator("mark[data-lit]").count()).toBeGreaterThan(0);
    const described = await marksOf(page).first().getAttribute("aria-describedby");
    const [id = ""] = described?.split(" ") ?? [];
    expect(await page.locator(`[id="${id}"]`).textContent()).not.toBe("");
    expect(await studio.seriousAxeProblems()).toEqual([]);

    await page.getByLabel("HTML").check();
    await page
      .getByRole("textbox", { name: "Message" })
      .fill('<p>Your code is <b>771204</b></p><p style="display:none">000000</p>');
    await reading.locator('[data-part="found-value"]', { hasText: "771204" }).waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("<p>Lunch at noon?</p>");
    await page.getByLabel("Subject").fill("");
    await reading.getByText("Nothing", { exact: true }).waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("");
    await page.getByText("The reading appears here.").waitFor();

    await page.setViewportSize({ width: 360, height: 740 });
    expect(await studio.scrollWidth()).toBe(360);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
