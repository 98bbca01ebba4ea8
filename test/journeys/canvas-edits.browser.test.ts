import { describe, expect, it } from "vitest";
import { flowEdge, modelEdge, nodeAt, toolEdge } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

const twoAgents = {
  nodes: [
    nodeAt([0, 0], "chat", "trigger_chat"),
    nodeAt([300, 0], "first", "agent"),
    nodeAt([700, 0], "second", "agent"),
    nodeAt([0, 260], "model", "ai_model", { steps: [{ say: "Done." }] }),
    nodeAt([260, 260], "spare", "ai_model", { steps: [{ say: "Done." }] }),
    nodeAt([560, 260], "code", "get_totp_code"),
  ],
  edges: [modelEdge("model", "first"), flowEdge("first", "second"), toolEdge("code", "second")],
};

describe("wrong connections", () => {
  it.each([
    ["a tool to Model", "code", "sub-source", "first", "model", "A tool goes to an agent's Tools diamond."],
    [
      "a model to Tools",
      "spare",
      "sub-source",
      "first",
      "tools",
      "A model goes to an agent's Model diamond.",
    ],
    ["the flow to Tools", "chat", "out", "first", "tools", "Only tools go to the Tools diamond."],
    ["a second model", "spare", "sub-source", "first", "model", "Model takes only 1."],
    ["the same wire twice", "code", "sub-source", "second", "tools", "These two are already connected."],
    ["a circle", "second", "out", "first", "in", "This would make the flow run in a circle."],
  ])("refuses %s, saying why while the wire is dragged and after it is dropped", async (...wrong) => {
    const [title, from, fromHandle, to, toHandle, reason] = wrong;
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(twoAgents, title);
    await expect.poll(() => studio.edges().count()).toBe(3);

    const target = studio.handleAt(to, toHandle);
    await studio.wire(studio.handleAt(from, fromHandle), target, async () => {
      await page.locator('[data-part="connection-hint"]').getByText(reason).waitFor();
      expect(await target.getAttribute("class")).toContain("connectingto");
      expect(await target.getAttribute("class")).not.toMatch(/\bvalid\b/);
    });
    await studio.toast().getByText(reason).waitFor();
    expect(await studio.edges().count()).toBe(3);
    expect((await journey.server.api("GET", `/workflows/${slug}`)).body.version).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("deleting", () => {
  it("takes a node and its edges back by the message, by Ctrl+Z, and away again by Ctrl+Shift+Z", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(twoAgents, "Delete and undo");
    await expect.poll(() => studio.edges().count()).toBe(3);
    const before = await studio.picture();

    await studio.node("second").click();
    await page.keyboard.press("Delete");
    await expect.poll(() => studio.edges().count()).toBe(1);
    await studio.toast().getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => studio.picture()).toEqual(before);

    await studio.node("second").click();
    await studio.settings().getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => studio.edges().count()).toBe(1);
    await page.keyboard.press("Control+z");
    await expect.poll(() => studio.picture()).toEqual(before);
    await page.keyboard.press("Control+Shift+Z");
    await expect.poll(() => studio.edges().count()).toBe(1);
    await page.keyboard.press("Control+z");

    // An edge alone, without a mouse.
    await studio.edge("model-first").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Backspace");
    await expect.poll(() => studio.edges().count()).toBe(2);
    await page.keyboard.press("Control+z");
    await expect.poll(() => studio.picture()).toEqual(before);

    await studio.savedMark().waitFor();
    await page.reload();
    await expect.poll(() => studio.picture()).toEqual(before);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("brings a deleted workflow back", async () => {
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(twoAgents, "Delete me");
    await page.getByRole("button", { name: /^Workflow: Delete me/ }).click();
    await page.getByRole("button", { name: "Delete this workflow" }).click();
    await studio.toast().getByText("“Delete me” is deleted.").waitFor();
    await expect.poll(() => studio.path()).not.toBe(`/w/${slug}`);
    expect((await journey.server.api("GET", `/workflows/${slug}`)).status).toBe(404);

    await studio.toast().getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => studio.path()).toBe(`/w/${slug}`);
    await expect.poll(() => studio.edges().count()).toBe(3);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("two people on one workflow", () => {
  it("tells the second writer, loads what is saved on request, and keeps the other work one undo away", async () => {
    const slug = await journey.server.addWorkflow(twoAgents, "Two tabs");
    const one = await journey.open(`/w/${slug}`);
    const two = await journey.open(`/w/${slug}`);
    two.expectComplaint(/409/);
    await expect.poll(() => two.studio.edges().count()).toBe(3);

    await one.studio.node("code").click();
    await one.page.keyboard.press("Delete");
    await expect
      .poll(async () => (await journey.server.api("GET", `/workflows/${slug}`)).body.version)
      .toBe(2);

    await two.studio.node("spare").click();
    await two.page.keyboard.press("Delete");
    const banner = two.page.getByRole("alert").filter({ hasText: "changed somewhere else" });
    await banner.waitFor();
    expect((await journey.server.api("GET", `/workflows/${slug}`)).body.version).toBe(2);

    await banner.getByRole("button", { name: "Load saved version" }).click();
    await banner.waitFor({ state: "detached" });
    expect(await two.studio.card("get_totp_code").count()).toBe(0);
    expect(await two.studio.card("ai_model").count()).toBe(2);
    await two.page.keyboard.press("Control+z");
    await expect.poll(() => two.studio.card("ai_model").count()).toBe(1);
    await expect
      .poll(async () => (await journey.server.api("GET", `/workflows/${slug}`)).body.version)
      .toBe(3);

    for (const { complaints, context } of [one, two]) {
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  it("says that the server is gone, and saves when it is back", async () => {
    const { slug, studio, page, context, expectComplaint } = await journey.openWorkflow(
      twoAgents,
      "Server away",
    );
    await expect.poll(() => studio.edges().count()).toBe(3);
    expectComplaint(/ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
    await page.route("**/api/v1/workflows/**", (route) => route.abort());
    await studio.node("spare").click();
    await page.keyboard.press("Delete");
    await page.getByText("Not saved: server not reached").waitFor();
    await page.unroute("**/api/v1/workflows/**");
    await studio.savedMark().waitFor();
    expect((await journey.server.api("GET", `/workflows/${slug}`)).body.nodes).toHaveLength(5);
    await context.close();
  });
});
