import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { IdentityList } from "../../plugin/api/identities.ts";
import { usernameOf } from "../../plugin/username.ts";
import { nodeAt, toolEdge } from "../support/build-workflow.ts";
import { random } from "../support/seeded-random.ts";
import { startJourney } from "../support/start-journey.ts";
import { middleOf, type XY } from "../support/studio-page.ts";

const journey = startJourney();

const twoAgents = {
  nodes: [
    nodeAt([200, 0], "first", "agent"),
    nodeAt([800, 0], "second", "agent"),
    nodeAt([0, 150], "create1", "create_agent_user"),
    nodeAt([220, 150], "code1", "get_totp_code"),
    nodeAt([600, 150], "create2", "create_agent_user"),
    nodeAt([820, 150], "code2", "get_totp_code"),
    nodeAt([500, 380], "free", "whoami"),
  ],
  edges: [
    toolEdge("create1", "first"),
    toolEdge("code1", "first"),
    toolEdge("create2", "second"),
    toolEdge("code2", "second"),
  ],
};
const identitiesOf = async (slug: string) =>
  ((await journey.server.api("GET", `/workflows/${slug}/identities`)).body as IdentityList).identities;

/** Takes a wire at a handle and holds it over a place. */
async function hold(page: Page, from: Locator, to: XY): Promise<void> {
  const start = await middleOf(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + to.x) / 2, (start.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
}

describe("tool edges", () => {
  it("carry their agent's colour and letter, and say whose identity it is and who else can read it", async () => {
    const slug = await journey.server.addWorkflow(twoAgents, "Two identities");
    for (const [tool, agent] of [
      ["create1", "first"],
      ["code1", "first"],
    ] as const)
      await journey.server.call(slug, tool, {}, agent);
    const { studio, page, complaints, context } = await journey.open(`/w/${slug}`);
    await studio.edge("code1-first").locator(".totem-key").waitFor();
    const strokeOf = (id: string) =>
      studio
        .edge(id)
        .locator(".totem-edge__line")
        .evaluate((line) => getComputedStyle(line).stroke);
    expect(await strokeOf("code1-first")).toBe(await strokeOf("create1-first"));
    expect(await strokeOf("code1-first")).not.toBe(await strokeOf("code2-second"));
    expect(await studio.edge("code1-first").locator(".totem-key").textContent()).toBe("A");
    expect(await studio.edge("code2-second").locator(".totem-key").textContent()).toBe("B");
    expect(await studio.edge("code2-second").getAttribute("aria-label")).toBe(
      `Tool edge from Get TOTP Code to Agent, as ${usernameOf(slug, "second")}`,
    );

    const key = await middleOf(studio.edge("code1-first").locator(".totem-key"));
    await page.mouse.move(key.x, key.y, { steps: 3 });
    const note = page.locator(".totem-identity-note");
    await note.waitFor();
    const [first] = await identitiesOf(slug);
    const words = (await note.textContent()) ?? "";
    expect(words).toContain(first?.username);
    expect(words).toContain("Active");
    expect(words).not.toContain("Never");
    for (const reader of first?.readers.filter(({ reason }) => reason !== "own_code") ?? [])
      expect(words).toContain(reader.name);
    await page.mouse.move(10, 700);
    await note.waitFor({ state: "detached" });

    // The same by keyboard.
    await studio.edge("code2-second").focus();
    await note.getByText(usernameOf(slug, "second")).waitFor();
    expect(await note.textContent()).toContain("Not created yet");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the username on a wire", () => {
  it("is there before the wire is let go, from both of its ends, and is the name the account then gets", async () => {
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(twoAgents, "Preview");
    await studio.edge("code1-first").waitFor();
    const preview = page.locator('[data-part="wire-preview"]');

    // From the agent it is known at once, over nothing.
    await hold(page, studio.handleAt("second", "tools"), await middleOf(page.getByTestId("canvas")));
    await preview.getByText(usernameOf(slug, "second")).waitFor();
    expect(await preview.textContent()).toContain("account will be created");
    await page.mouse.up();
    await page.keyboard.press("Escape");

    // From a tool only when an agent is near.
    const tools = await middleOf(studio.handleAt("first", "tools"));
    await hold(page, studio.handleAt("free", "sub-source"), { x: tools.x + 120, y: tools.y + 160 });
    expect(await preview.count()).toBe(0);
    await page.mouse.move(tools.x - 30, tools.y - 20, { steps: 4 });
    await preview.getByText(usernameOf(slug, "first")).waitFor();
    await page.mouse.move(tools.x, tools.y, { steps: 3 });
    await preview.getByText(usernameOf(slug, "first")).waitFor();
    const shown = await preview.locator("code").textContent();
    await page.mouse.up();
    await studio.edge("code1-first").waitFor();
    await expect.poll(() => preview.count()).toBe(0);

    const made = await journey.server.call(slug, "create1", {}, "first");
    expect(made.body.username).toBe(shown);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is red before the wire is let go when the name belongs to another account", async () => {
    const slug = await journey.server.addWorkflow(twoAgents, "Clash");
    const elsewhere = await journey.server.addWorkflow(twoAgents, "Elsewhere");
    await journey.server.call(elsewhere, "create1", {}, "first");
    // An account of another host that has this very name.
    await journey.server.database.kysely
      .updateTable("agent_user")
      .set({ username: usernameOf(slug, "second"), host: "another", workflow_id: random.uuid() })
      .where("username", "=", usernameOf(elsewhere, "first"))
      .execute();
    const { studio, page, complaints, context } = await journey.open(`/w/${slug}`);
    await studio.edge("code1-first").waitFor();
    await hold(
      page,
      studio.handleAt("free", "sub-source"),
      await middleOf(studio.handleAt("second", "tools")),
    );
    const preview = page.locator('[data-part="wire-preview"][data-clash]');
    await preview.getByText(usernameOf(slug, "second")).waitFor();
    expect(await preview.textContent()).toContain("belongs to another account");
    await page.mouse.up();
    expect((await journey.server.call(slug, "create2", {}, "second")).body.code).toBe("USERNAME_CONFLICT");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("who can read this", () => {
  it("leaves exactly the readers undimmed and says why each can", async () => {
    const slug = await journey.server.addWorkflow(twoAgents, "Readers");
    for (const [tool, agent] of [
      ["create1", "first"],
      ["create2", "second"],
    ] as const)
      await journey.server.call(slug, tool, {}, agent);
    const [first, second] = [usernameOf(slug, "first"), usernameOf(slug, "second")];
    await journey.server.api("POST", `/agent-users/${first}/grants`, { reader: second });
    await journey.server.api("POST", "/keys", { name: "ci", scopes: ["codes:read"] });
    const { studio, page, complaints, context } = await journey.open(`/w/${slug}`);
    await studio.node("first").click({ position: { x: 30, y: 10 } });
    await studio.askWhoCanRead();

    const panel = studio.readers();
    await panel.locator(`[data-reader="${second}"]`).waitFor();
    const readers =
      (await identitiesOf(slug)).find(({ agent_node_id }) => agent_node_id === "first")?.readers ?? [];
    expect(readers.map(({ name }) => name)).toEqual(expect.arrayContaining([first, second, "ci"]));
    const said = await panel
      .locator("li")
      .evaluateAll((items) => items.map((item) => item.textContent ?? ""));
    expect(said).toHaveLength(readers.length);
    for (const [index, { name, because }] of readers.entries()) {
      expect(said[index]).toContain(name);
      expect(said[index]).toContain(because);
    }
    expect(await studio.undimmedNodes()).toEqual(["code1", "code2", "first", "second"]);
    expect(await page.locator(".totem-edge:not([data-dimmed])").count()).toBe(2);
    // Dimmed cards are out of the question for contrast: they are what one is not to look at.
    expect(
      (await studio.seriousAxeProblems()).filter((problem) => !problem.includes("color-contrast")),
    ).toEqual([]);

    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    await expect.poll(() => studio.undimmedNodes()).toHaveLength(7);
    expect(await studio.seriousAxeProblems()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("says that nobody can when the account is disabled", async () => {
    const slug = await journey.server.addWorkflow(twoAgents, "Nobody");
    await journey.server.call(slug, "create1", {}, "first");
    await journey.server.api("POST", `/agent-users/${usernameOf(slug, "first")}/disable`);
    const { studio, page, complaints, context } = await journey.open(`/w/${slug}`);
    await studio.node("first").click({ position: { x: 30, y: 10 } });
    await studio.askWhoCanRead();
    await page.getByText("No agent, key or person can read codes of this identity now.").waitFor();
    await page.getByRole("button", { name: "Show everything again" }).click();
    expect(await page.locator(".totem-card[data-dimmed]").count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
