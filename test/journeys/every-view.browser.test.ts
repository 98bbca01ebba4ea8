import { mkdirSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  openStudio,
  runStatus,
  savedMark,
  sendMessage,
  seriousAxeProblems,
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

const desk = { width: 1360, height: 800 };
/** A telephone, and a small laptop at 200 %: half of its pixels are left. */
const narrow = { phone: { width: 360, height: 740 }, "200-percent": { width: 680, height: 430 } };

/** `TOTEM_PICTURES=folder` keeps a picture of every view at every size. */
const pictures = process.env.TOTEM_PICTURES;

/** What must hold in every view: axe has nothing serious to say, and nothing has to be scrolled sideways. */
async function look(page: Page, view: string): Promise<void> {
  expect(await seriousAxeProblems(page), view).toEqual([]);
  await fits(page, view, desk.width);
  for (const [name, size] of Object.entries(narrow)) {
    await page.setViewportSize(size);
    await fits(page, `${view} on ${name}`, size.width);
  }
  await page.setViewportSize(desk);
}

async function fits(page: Page, view: string, width: number): Promise<void> {
  const scrollWidth = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(scrollWidth, { message: view }).toBe(width);
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  const theme = await page.evaluate(() =>
    matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  );
  await page.screenshot({ path: `${pictures}/${view.replaceAll(/\W+/g, "-")}-${theme}-${width}.png` });
}

const at = (x: number, y: number, ...[id, type, config]: Parameters<typeof node>) => ({
  ...node(id, type, config),
  position: { x, y },
});

const long = "A name of many words that goes on for longer than any card is wide";
const graph = {
  nodes: [
    at(0, 0, "chat", "trigger_chat"),
    { ...at(320, 0, "agent", "agent"), data: { config: {}, label: long } },
    at(0, 260, "model", "ai_model", {
      steps: [
        { tool: "create_agent_user" },
        { tool: "get_totp_code" },
        { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
        { say: "Done." },
      ],
    }),
    at(260, 260, "create", "create_agent_user"),
    at(520, 260, "code", "get_totp_code"),
    at(780, 260, "verify", "verify_totp_code"),
    at(700, 0, "note", "sticky_note", { text: "A note." }),
  ],
  edges: [
    flowEdge("chat", "agent"),
    modelEdge("model"),
    ...["create", "code", "verify"].map((id) => toolEdge(id)),
  ],
};

/** By the keys: a change of the window's size moves the canvas below its panels. */
async function choose(page: Page, type: string): Promise<void> {
  const card = page.locator(`.totem-card[data-node-type="${type}"]`);
  await page.locator(".react-flow__node", { has: card }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Settings" }).waitFor();
}

const closeSettings = (page: Page) => page.getByRole("button", { name: "Close settings" }).click();
const dialog = (page: Page) => page.getByRole("dialog");
/** Out of the page, not only out of sight: until then a key belongs to it. */
const gone = (page: Page) => page.locator("dialog, .quick-add").waitFor({ state: "detached" });

describe.each(["light", "dark"] as const)("in %s, every view is whole and legible:", (colorScheme) => {
  const options = { colorScheme, viewport: desk };
  const open = async (title: string, workflow: object = graph) => {
    const slug = await server.addWorkflow(workflow as typeof graph, `${title} ${colorScheme}`);
    return { slug, ...(await openStudio(browser, server, `/w/${slug}`, options)) };
  };

  it("the way in, nothing at an address, an empty canvas and no runs", async () => {
    const stranger = await openPage(browser, options);
    await stranger.page.goto(server.url);
    await stranger.page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await look(stranger.page, "sign in");
    await stranger.context.close();

    const { page, context, expectComplaint } = await open("Empty", { nodes: [], edges: [] });
    await page.getByText("Build an agent with an identity").waitFor();
    await look(page, "empty canvas");
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByText("No runs yet.").waitFor();
    await look(page, "no runs");
    expectComplaint(/404/);
    await page.goto(`${server.url}/w/no-such-workflow`);
    await page.getByRole("heading", { name: /no such workflow|not found/i }).waitFor();
    await look(page, "no such workflow");
    await context.close();
  });

  it("the editor, the settings of every kind of part, and what is chosen together", async () => {
    const { page, complaints, context } = await open("Parts");
    await cardOf(page, "agent").waitFor();
    await look(page, "editor");
    for (const type of ["trigger_chat", "agent", "ai_model", "create_agent_user", "get_totp_code"]) {
      await choose(page, type);
      await look(page, `settings of ${type}`);
      await closeSettings(page);
    }
    await page.locator(".react-flow__edge").last().focus();
    await page.keyboard.press("Enter");
    await page.locator(".totem-edge[data-selected]").waitFor();
    await look(page, "an edge chosen");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+a");
    await page.getByText("Copies get ids of their own").waitFor();
    await look(page, "several nodes chosen");
    await page.keyboard.press("Escape");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("quick-add, find, the keys, the menu and its dialogs", async () => {
    const { page, complaints, context } = await open("Tools");
    await cardOf(page, "agent").waitFor();
    for (const [view, key] of [
      ["quick add", "n"],
      ["find", "Control+f"],
      ["keys", "?"],
    ] as const) {
      await page.keyboard.press(key);
      await dialog(page).waitFor();
      await look(page, view);
      await page.keyboard.press("Escape");
      await gone(page);
    }
    const menu = page.getByRole("button", { name: /^Workflow:/ });
    await menu.click();
    await page.getByRole("button", { name: "New workflow…" }).waitFor();
    await look(page, "workflow menu");
    await page.keyboard.press("Escape");
    for (const item of ["New workflow…", "Export as JSON…", "Import JSON…"]) {
      await menu.click();
      await page.getByRole("button", { name: item }).click();
      await dialog(page).waitFor();
      await look(page, item);
      await page.keyboard.press("Escape");
      await gone(page);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("a run, the list of runs, a look back, a proof, and who can read", async () => {
    const { page, complaints, context } = await open("Runs");
    await sendMessage(page, "Prove who you are.");
    await runStatus(page, "succeeded").waitFor();
    await look(page, "a finished run");
    await choose(page, "agent");
    await page.getByRole("button", { name: "Who can read this?" }).click();
    await page.getByText("can read its codes now").waitFor();
    await look(page, "who can read");
    await page.keyboard.press("Escape");
    await choose(page, "agent");
    await page.getByRole("button", { name: "Prove the chain" }).click();
    await page.getByTestId("proof").getByText("Proved: ").waitFor({ timeout: 60_000 });
    await look(page, "a proof");
    await page.getByRole("button", { name: "Close the proof" }).click();
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.locator(".runs__row").first().waitFor();
    await look(page, "a list of runs");
    await page.locator(".runs__row").first().click();
    await page.getByTestId("step-card").waitFor();
    await look(page, "a look back");
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("problems, a failed run, a failed proof, a save that came second, and a session that ended", async () => {
    const broken = {
      nodes: [
        ...graph.nodes.slice(0, 2),
        at(0, 260, "model", "ai_model", { steps: [{ say: "{{nothing.here}}" }] }),
        at(520, 260, "code", "get_totp_code"),
      ],
      edges: [flowEdge("chat", "agent"), modelEdge("model")],
    };
    const { page, slug, context, expectComplaint } = await open("Trouble", broken);
    expectComplaint(/422|409|401/);
    await page.getByRole("button", { name: /1 problem/ }).click();
    await page.getByRole("list", { name: "Problems" }).waitFor();
    await look(page, "problems");
    await page.getByRole("button", { name: /Connect this tool to an agent's Tools diamond/ }).click();
    await page
      .getByRole("complementary", { name: "Settings" })
      .getByRole("button", { name: "Delete" })
      .click();
    await savedMark(page).waitFor();
    await sendMessage(page, "Go.");
    await runStatus(page, "failed").waitFor();
    await page.getByRole("log").getByText("SCRIPT_INVALID").waitFor();
    await look(page, "a failed run");
    await choose(page, "agent");
    await page.getByRole("button", { name: "Prove the chain" }).click();
    await page.getByTestId("proof").getByText("Not proved").waitFor();
    await look(page, "a failed proof");
    await page.getByRole("button", { name: "Close the proof" }).click();

    const { version, nodes, edges } = (await server.api("GET", `/workflows/${slug}`)).body;
    await server.api("PUT", `/workflows/${slug}`, {
      version,
      nodes: nodes.slice(0, 2),
      edges: edges.slice(0, 1),
    });
    await choose(page, "trigger_chat");
    await page.getByLabel("Name on the canvas").fill("Mine");
    await page
      .getByRole("alert")
      .getByText(/someone|saved/i)
      .first()
      .waitFor();
    await look(page, "a save that came second");
    await context.clearCookies();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in to Totem" }).waitFor();
    await look(page, "session ended");
    await context.close();
  });
});
