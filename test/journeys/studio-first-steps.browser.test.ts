import type { Locator } from "playwright-core";
import { expect, it } from "vitest";
import { flowEdge, modelEdge, nodeAt, toolEdge } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

const agentAlone = {
  nodes: [
    nodeAt([0, 0], "chat", "trigger_chat"),
    nodeAt([300, 0], "agent", "agent"),
    nodeAt([100, 250], "model", "ai_model", { steps: [{ say: "Done." }] }),
  ],
  edges: [flowEdge("chat", "agent"), modelEdge("model")],
};
const withLooseTool = {
  ...agentAlone,
  nodes: [...agentAlone.nodes, nodeAt([400, 250], "code", "get_totp_code")],
};

it("stays within its window however long the conversation grows", async () => {
  const talkative = {
    nodes: [
      ...agentAlone.nodes.slice(0, 2),
      nodeAt([100, 250], "model", "ai_model", {
        steps: [...Array.from({ length: 6 }, () => ({ tool: "create_agent_user" })), { say: "Done." }],
      }),
      nodeAt([400, 250], "create", "create_agent_user"),
    ],
    edges: [...agentAlone.edges, toolEdge("create")],
  };
  // Who wants no motion is not made to watch each step: the conversation is there at once.
  const { studio, page, complaints, context } = await journey.openWorkflow(talkative, "Long talk", {
    reducedMotion: "reduce",
  });
  const conversation = page.getByRole("log", { name: "Conversation" });
  const belowSight = () =>
    conversation.evaluate(
      ({ scrollTop, clientHeight, scrollHeight }) => scrollHeight - scrollTop - clientHeight,
    );
  for (let run = 1; run <= 4; run++) {
    await studio.sendMessage("Go on.");
    await expect.poll(() => page.locator('[data-line="person"]').count()).toBe(run);
    await studio.runStatus("succeeded").waitFor();
    await expect.poll(belowSight).toBeLessThan(24);
  }
  // A person who has scrolled up and sends a message sees its run.
  await conversation.evaluate((log) => log.scrollTo(0, 0));
  await expect.poll(belowSight).toBeGreaterThan(100);
  await studio.sendMessage("And now?");
  await expect.poll(() => page.locator('[data-line="person"]').count()).toBe(5);
  await studio.runStatus("succeeded").waitFor();
  await expect.poll(belowSight).toBeLessThan(24);

  const scrolls = () => [document.documentElement.scrollHeight, innerHeight, scrollY];
  const [height, windowHeight, scrolled] = await page.evaluate(scrolls);
  expect(height).toBe(windowHeight);
  expect(scrolled).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it("takes a new workflow's name at once, and offers the old one to be typed over", async () => {
  const { studio, page, complaints, context } = await journey.open("/w/prove-who-you-are");
  await studio.chooseInWorkflowMenu("New workflow…");
  await page.keyboard.type("Typed blindly");
  await page.keyboard.press("Enter");
  await page.getByText("Build an agent with an identity").waitFor();
  expect(studio.path()).toBe("/w/typed-blindly");
  // The four steps say what the model needs to have something to play.
  await page.getByText("choose a provider or write the steps it plays").waitFor();

  await page.getByRole("button", { name: /^Workflow: Typed blindly/ }).click();
  await page.getByRole("button", { name: "Rename…" }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("Typed over");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Workflow: Typed over/ }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it("forgets what the server refused as soon as it is mended, and keeps the focus on the canvas", async () => {
  const { studio, page, context, complaints, expectComplaint } = await journey.openWorkflow(
    withLooseTool,
    "Mended",
  );
  expectComplaint(/422/);
  await studio.sendMessage("Go.");
  await page.getByRole("alert").getByText("Get TOTP Code").waitFor();
  await studio.node("code").click();
  await page.keyboard.press("Delete");
  await studio.card("get_totp_code").waitFor({ state: "detached" });
  await page.getByRole("alert").filter({ hasText: "Get TOTP Code" }).waitFor({ state: "detached" });
  expect(await page.getByRole("region", { name: "Chat" }).getByRole("alert").count()).toBe(0);
  expect(await page.getByRole("button", { name: /problem/ }).count()).toBe(0);
  expect(await studio.focusedAttribute("aria-label")).toBe("Workflow canvas");
  expect(complaints).toEqual([]);
  await context.close();
});

it("says how an agent comes to an account, and asks again after an error", async () => {
  const { studio, page, context, expectComplaint } = await journey.openWorkflow(agentAlone, "No account");
  expectComplaint(/ERR_FAILED/);
  // By its clock, so that nobody waits for the times between its tries.
  await page.clock.install();
  await page.reload();
  const later = (seen: Locator) =>
    expect.poll(async () => {
      await page.clock.fastForward(3_000);
      return seen.count();
    });
  await page.route("**/api/v1/agent-users**", (route) => route.abort());
  await page.route("**/api/v1/agent-users/**", (route) => route.abort());
  await studio.card("agent").click();
  const settings = studio.settings();
  await later(settings.getByRole("alert")).toBeGreaterThan(0);
  await page.unrouteAll();
  await later(settings.getByText("No account yet. Wire Create Agent User to this agent to create one.")).toBe(
    1,
  );
  await context.close();

  const wired = {
    nodes: [...agentAlone.nodes, nodeAt([400, 250], "create", "create_agent_user")],
    edges: [...agentAlone.edges, toolEdge("create")],
  };
  const other = await journey.open(`/w/${await journey.server.addWorkflow(wired, "Account to be")}`);
  await expect.poll(() => other.studio.edges().count()).toBe(3);
  await other.studio.card("agent").click();
  await other.page.getByText("No account yet. It is created at the first run.").waitFor();
  expect(other.complaints).toEqual([]);
  await other.context.close();
});

it("asks for a message when there is none to run with", async () => {
  const { studio, page, context, complaints } = await journey.openWorkflow(agentAlone, "Nothing said");
  await studio.savedMark().waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const asked = page.getByRole("status").getByText("Write a message first");
  await page.getByRole("status").filter({ hasText: "Write a message first" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("chat-input");
  await studio.sendMessage("Go.");
  await studio.runStatus("succeeded").waitFor();
  expect(await asked.count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it("shows in a narrow window that settings cannot be edited", async () => {
  const { studio, page, context } = await journey.openWorkflow(agentAlone, "Narrow", {
    viewport: { width: 360, height: 740 },
  });
  await studio.card("agent").click();
  const name = page.getByLabel("Name on the canvas");
  expect(await name.isDisabled()).toBe(true);
  const opacity = await name.evaluate((input) => Number(getComputedStyle(input).opacity));
  expect(opacity).toBeLessThan(0.8);
  expect(opacity).toBeGreaterThan(0.5);
  await context.close();
});

it("says on the way in where the administrator's key is", async () => {
  const { studio, page, context } = await journey.visit();
  await page.goto(journey.server.url);
  await studio.openOtherWays();
  await page.getByText("It is in the file admin.key of the data folder").waitFor();
  await context.close();
});
