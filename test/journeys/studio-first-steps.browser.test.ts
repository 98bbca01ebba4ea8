import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  edgesOf,
  openStudio,
  runStatus,
  savedMark,
  sendMessage,
} from "../support/browser-studio.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  await buildStudio();
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const at = (id: string, type: string, x: number, y: number, config = {}) => ({
  ...node(id, type, config),
  position: { x, y },
});

const agentAlone = {
  nodes: [
    at("chat", "trigger_chat", 0, 0),
    at("agent", "agent", 300, 0),
    at("model", "ai_model", 100, 250, { steps: [{ say: "Done." }] }),
  ],
  edges: [flowEdge("chat", "agent"), modelEdge("model")],
};
const withLooseTool = { ...agentAlone, nodes: [...agentAlone.nodes, at("code", "get_totp_code", 400, 250)] };

it("stays within its window however long the conversation grows", async () => {
  const talkative = {
    nodes: [
      ...agentAlone.nodes.slice(0, 2),
      at("model", "ai_model", 100, 250, {
        steps: [...Array.from({ length: 6 }, () => ({ tool: "create_agent_user" })), { say: "Done." }],
      }),
      at("create", "create_agent_user", 400, 250),
    ],
    edges: [...agentAlone.edges, toolEdge("create")],
  };
  const slug = await server.addWorkflow(talkative, "Long talk");
  // Who wants no motion is not made to watch each step: the conversation is there at once.
  const { page, complaints, context } = await openStudio(browser, server, `/w/${slug}`, {
    reducedMotion: "reduce",
  });
  for (let run = 1; run <= 4; run++) {
    await sendMessage(page, "Go on.");
    await expect.poll(() => page.locator('[data-line="person"]').count()).toBe(run);
    await runStatus(page, "succeeded").waitFor();
  }
  const scrolls = () => [document.documentElement.scrollHeight, innerHeight, scrollY];
  const [height, windowHeight, scrolled] = await page.evaluate(scrolls);
  expect(height).toBe(windowHeight);
  expect(scrolled).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it("takes a new workflow's name at once, and offers the old one to be typed over", async () => {
  const { page, complaints, context } = await openStudio(browser, server, "/w/prove-who-you-are");
  await page.getByRole("button", { name: /^Workflow:/ }).click();
  await page.getByRole("button", { name: "New workflow…" }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("Typed blindly");
  await page.keyboard.press("Enter");
  await page.getByText("Build an agent with an identity").waitFor();
  expect(new URL(page.url()).pathname).toBe("/w/typed-blindly");
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
  const slug = await server.addWorkflow(withLooseTool, "Mended");
  const { page, context, complaints, expectComplaint } = await openStudio(browser, server, `/w/${slug}`);
  expectComplaint(/422/);
  await sendMessage(page, "Go.");
  await page.getByRole("alert").getByText("Get TOTP Code").waitFor();
  await page.locator('.react-flow__node[data-id="code"]').click();
  await page.keyboard.press("Delete");
  await cardOf(page, "get_totp_code").waitFor({ state: "detached" });
  await page.getByRole("alert").filter({ hasText: "Get TOTP Code" }).waitFor({ state: "detached" });
  expect(await page.getByRole("region", { name: "Chat" }).getByRole("alert").count()).toBe(0);
  expect(await page.getByRole("button", { name: /problem/ }).count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
    "Workflow canvas",
  );
  expect(complaints).toEqual([]);
  await context.close();
});

it("says how an agent comes to an account, and asks again after an error", async () => {
  const slug = await server.addWorkflow(agentAlone, "No account");
  const { page, context, expectComplaint } = await openStudio(browser, server, `/w/${slug}`);
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
  await cardOf(page, "agent").click();
  const settings = page.getByRole("complementary", { name: "Settings" });
  await later(settings.getByRole("alert")).toBeGreaterThan(0);
  await page.unrouteAll();
  await later(settings.getByText("No account yet. Wire Create Agent User to this agent to create one.")).toBe(
    1,
  );
  await context.close();

  const wired = {
    nodes: [...agentAlone.nodes, at("create", "create_agent_user", 400, 250)],
    edges: [...agentAlone.edges, toolEdge("create")],
  };
  const other = await openStudio(browser, server, `/w/${await server.addWorkflow(wired, "Account to be")}`);
  await expect.poll(() => edgesOf(other.page).count()).toBe(3);
  await cardOf(other.page, "agent").click();
  await other.page.getByText("No account yet. It is created at the first run.").waitFor();
  expect(other.complaints).toEqual([]);
  await other.context.close();
});

it("asks for a message when there is none to run with", async () => {
  const slug = await server.addWorkflow(agentAlone, "Nothing said");
  const { page, context, complaints } = await openStudio(browser, server, `/w/${slug}`);
  await savedMark(page).waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const asked = page.getByRole("status").getByText("Write a message first");
  await page.getByRole("status").filter({ hasText: "Write a message first" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("chat-input");
  await sendMessage(page, "Go.");
  await runStatus(page, "succeeded").waitFor();
  expect(await asked.count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it("shows in a narrow window that settings cannot be edited", async () => {
  const slug = await server.addWorkflow(agentAlone, "Narrow");
  const { page, context } = await openStudio(browser, server, `/w/${slug}`, {
    viewport: { width: 360, height: 740 },
  });
  await cardOf(page, "agent").click();
  const name = page.getByLabel("Name on the canvas");
  expect(await name.isDisabled()).toBe(true);
  const opacity = await name.evaluate((input) => Number(getComputedStyle(input).opacity));
  expect(opacity).toBeLessThan(0.8);
  expect(opacity).toBeGreaterThan(0.5);
  await context.close();
});

it("says on the way in where the administrator's key is", async () => {
  const { page, context } = await openPage(browser);
  await page.goto(server.url);
  await page.getByText("it is in the file admin.key of the data folder").waitFor();
  await context.close();
});
