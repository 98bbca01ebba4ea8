import { describe, expect, it } from "vitest";
import { nodeAt } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";
import { withoutRandom } from "../support/without-random.ts";

const journey = startJourney();

describe("the canvas, by hand", () => {
  it("builds an agent with an identity from an empty canvas, runs it, and is the same after a reload", async () => {
    const { studio, page, complaints, context } = await journey.open();
    const heard = studio.answersFromNow((answer) =>
      (answer.headers()["content-type"] ?? "").includes("json"),
    );

    await studio.chooseInWorkflowMenu("New workflow…");
    await page.getByRole("dialog").getByLabel("Name").fill("Built by hand");
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByText("Build an agent with an identity").waitFor();
    expect(studio.path()).toBe("/w/built-by-hand");

    await studio.dragFromPalette("trigger_chat", { x: 140, y: 90 });
    await studio.dragFromPalette("agent", { x: 460, y: 100 });
    await studio.dragFromPalette("ai_model", { x: 180, y: 330 });
    await studio.dragFromPalette("create_agent_user", { x: 460, y: 330 });
    await studio.dragFromPalette("get_totp_code", { x: 720, y: 330 });

    await studio.wire(
      studio.handle("trigger_chat", "flow", "source"),
      studio.handle("agent", "flow", "target"),
    );
    await studio.wire(studio.handle("ai_model", "llm", "source"), studio.handle("agent", "llm", "target"));
    await studio.wire(
      studio.handle("create_agent_user", "tool", "source"),
      studio.handle("agent", "tool", "target"),
    );
    // A wire may be drawn from either of its ends.
    await studio.wire(
      studio.handle("agent", "tool", "target"),
      studio.handle("get_totp_code", "tool", "source"),
    );
    await expect.poll(() => studio.edges().count()).toBe(4);

    await studio.card("ai_model").click();
    await page.getByRole("button", { name: "Tool call" }).click();
    await page.getByRole("button", { name: "Tool call" }).click();
    await page.getByRole("button", { name: "Sentence" }).click();
    expect(await page.getByLabel("Step 1: tool").inputValue()).toBe("create_agent_user");
    expect(await page.getByLabel("Step 2: tool").inputValue()).toBe("get_totp_code");
    await page.getByLabel("Step 1: arguments as JSON").fill('{ "purpose": "Built by hand" }');
    await page.getByLabel("Step 3: sentence").fill("I am {{create_agent_user.username}}.");
    await studio.savedMark().waitFor();
    await studio.closeSettings();

    await studio.sendMessage("Who are you?");
    await studio.runStatus("succeeded").waitFor();

    const agentId = await studio.nodeId("agent");
    expect(agentId).toMatch(/^agent_[0-9a-z]{8}$/);
    const conversation = studio.conversation();
    await conversation.getByText(`I am agent_built-by-hand_${agentId}.`).waitFor();
    const codeLine = conversation.locator('[data-tool="get_totp_code"]');
    expect(await codeLine.textContent()).toContain(`username agent_built-by-hand_${agentId}`);
    expect(await codeLine.textContent()).toMatch(/totp_code •+/);

    await studio.card("get_totp_code").click();
    const seen = studio.settings().getByLabel("Out");
    expect(await seen.textContent()).toMatch(/totp_code•+/);
    await studio.closeSettings();

    // Nowhere in the page or in what the server sent to it: a code, or a key.
    for (const text of [await page.content(), await heard()]) {
      expect(withoutRandom(text)).not.toMatch(/totp_code\W{1,12}\d{6}/);
      expect(text).not.toMatch(/totem_[A-Za-z0-9_-]{16,}/);
    }

    const before = await studio.picture();
    expect(before.nodes.filter((node) => node.endsWith("done"))).toHaveLength(5);
    expect(before.edges.every((edge) => edge.endsWith("done"))).toBe(true);
    expect(before.diamonds).toHaveLength(5);

    await page.reload();
    await studio.runStatus("succeeded").waitFor();
    await expect.poll(() => studio.picture()).toEqual(before);
    await conversation.getByText(`I am agent_built-by-hand_${agentId}.`).waitFor();

    expect(complaints).toEqual([]);
    await context.close();
  });

  it("runs the starter workflow to a verified code while its nodes light up", async () => {
    const { studio, page, complaints, context } = await journey.open("/w/prove-who-you-are");
    await studio.card("agent").waitFor();
    // Collected as they happen: a light that goes on for a moment would be missed by looking.
    await page.evaluate(() => {
      const seen = new Set<string>();
      (window as unknown as { seen: Set<string> }).seen = seen;
      new MutationObserver((changes) => {
        for (const { target } of changes)
          if (target instanceof HTMLElement && target.dataset.status)
            seen.add(`${target.dataset.nodeType} ${target.dataset.status}`);
      }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-status"] });
    });
    await studio.sendMessage("Prove who you are.");
    await studio.runStatus("succeeded").waitFor();

    const conversation = studio.conversation();
    await conversation.getByText("my code was verified").waitFor();
    expect(await conversation.locator('[data-tool="verify_totp_code"]').textContent()).toContain(
      "valid true",
    );
    for (const type of [
      "trigger_chat",
      "agent",
      "ai_model",
      "create_agent_user",
      "get_totp_code",
      "verify_totp_code",
    ])
      expect(await studio.card(type).getAttribute("data-status"), type).toBe("done");
    const seen = await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
    expect(seen).toEqual(expect.arrayContaining(["get_totp_code done", "agent running"]));

    await studio.card("agent").click();
    const identity = page.getByRole("region", { name: "Identity" });
    await identity.getByText("Active").waitFor();
    expect(await identity.textContent()).toContain("agent_prove-who-you-are_");
    await identity.getByRole("button", { name: "Disable account" }).click();
    await identity.getByText("Disabled by hand. The audit log says by whom.").waitFor();
    await identity.getByRole("button", { name: "Enable account" }).click();
    await identity.getByText("Active").waitFor();

    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("the canvas from afar", () => {
  it("draws cards as blocks when their text is too small to read, and whole again when one comes nearer", async () => {
    const { studio, page, complaints, context } = await journey.openWorkflow(
      { nodes: [nodeAt([0, 0], "agent", "agent")], edges: [] },
      "From afar",
    );
    const label = studio.card("agent").locator(".totem-card__label");
    await label.waitFor();
    for (let step = 0; step < 8; step++) await page.getByRole("button", { name: "Zoom out" }).click();
    await label.waitFor({ state: "hidden" });
    for (let step = 0; step < 4; step++) await page.getByRole("button", { name: "Zoom in" }).click();
    await label.waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
