import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import {
  buildStudio,
  cardOf,
  edgesOf,
  openStudio,
  pictureOf,
  runStatus,
  savedMark,
  sendMessage,
} from "../support/browser-studio.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";
import { fixedClock } from "../support/fixed-clock.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  await buildStudio();
  // The server's clock stands still, so the code a run reads can be known beforehand.
  [server, browser] = await Promise.all([
    startTestServer({ clock: fixedClock(new Date()) }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const at = (id: string, type: string, x: number, y: number, config = {}) => ({
  ...node(id, type, config),
  position: { x, y },
});

const steps = [
  { tool: "create_agent_user" },
  { tool: "get_totp_code" },
  { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
  { say: "I proved who I am." },
];

const chain = (wired: readonly ("create" | "code" | "verify")[] = ["create", "code", "verify"]) => {
  const tools = [
    at("create", "create_agent_user", 240, 250),
    at("code", "get_totp_code", 480, 250),
    at("verify", "verify_totp_code", 720, 250),
  ].filter(({ id }) => wired.some((one) => one === id));
  return {
    nodes: [
      at("chat", "trigger_chat", 0, 0),
      at("agent", "agent", 300, 0),
      at("model", "ai_model", 0, 250, {
        steps: steps.filter(({ tool }) => tool === undefined || tools.some(({ type }) => type === tool)),
      }),
      ...tools,
    ],
    edges: [flowEdge("chat", "agent"), modelEdge("model"), ...tools.map(({ id }) => toolEdge(id))],
  };
};

const slider = (page: Page) => page.getByRole("slider", { name: "Step" });
const stepCard = (page: Page) => page.getByTestId("step-card");
const runRows = (page: Page) => page.getByTitle("Look back at this run");

async function runOnce(slug: string): Promise<string> {
  const { body } = await server.api("POST", `/workflows/${slug}/runs`, { input: "Prove who you are." });
  await expect
    .poll(async () => (await server.api("GET", `/runs/${body.id}`)).body.finished_at)
    .not.toBe(null);
  return body.id;
}

/** The picture and the words at every step, by the keys of the slider. */
async function wholeReplay(page: Page): Promise<string[]> {
  await slider(page).focus();
  await page.keyboard.press("Home");
  const last = Number(await slider(page).getAttribute("max"));
  const seen: string[] = [];
  for (let step = 1; step <= last; step++) {
    if (step > 1) await page.keyboard.press("ArrowRight");
    await stepCard(page)
      .getByRole("heading", { name: `Step ${step}:` })
      .waitFor();
    const { nodes, edges } = await pictureOf(page);
    seen.push(JSON.stringify([nodes, edges, await stepCard(page).textContent()]));
  }
  return seen;
}

it("lists past runs, replays one by mouse and keys, and gives the editor back as it was", async () => {
  const slug = await server.addWorkflow(chain(), "Looked back on");
  const { page, context, complaints } = await openStudio(browser, server, `/w/${slug}`);
  await page.getByRole("tab", { name: "Chat" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("No runs yet.").waitFor();

  await page.keyboard.press("ArrowLeft");
  await sendMessage(page, "Prove who you are.");
  await runStatus(page, "succeeded").waitFor();
  await cardOf(page, "agent").click();
  await page.getByLabel("Name on the canvas").fill("Clerk");
  await savedMark(page).waitFor();
  await page.getByRole("button", { name: "Zoom out" }).click();
  const before = await pictureOf(page);

  await page.getByRole("tab", { name: "Runs" }).click();
  await expect.poll(() => runRows(page).count()).toBe(1);
  expect(await runRows(page).first().textContent()).toMatch(/Done[\s\S]*Prove who you are\.[\s\S]*version 1/);
  expect(await runRows(page).first().locator("time").getAttribute("title")).toMatch(/\d{4}/);
  await runRows(page).first().press("Enter");

  await page.getByText(/^Run of /).waitFor();
  expect(new URL(page.url()).searchParams.get("run")).toMatch(/^[0-9a-f-]{36}$/);
  // As it was at that run: the agent had no name of its own yet.
  expect(await cardOf(page, "agent").textContent()).toContain("Agent");
  const box = await slider(page).boundingBox();
  if (!box) throw new Error("There is no slider.");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect.poll(() => slider(page).inputValue()).not.toBe(await slider(page).getAttribute("max"));
  expect(await slider(page).getAttribute("aria-valuetext")).toMatch(/^Step \d+ of \d+\. /);

  // Nothing can be changed: no palette, no dragging, no deleting, no undo.
  expect(await page.locator(".totem-palette__card, .totem-plus").count()).toBe(0);
  await cardOf(page, "get_totp_code").click();
  await page.getByRole("complementary", { name: "What this node saw" }).waitFor();
  const still = (await pictureOf(page)).nodes;
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+z");
  const card = await cardOf(page, "get_totp_code").boundingBox();
  if (!card) throw new Error("There is no card.");
  await page.mouse.move(card.x + 20, card.y + 20);
  await page.mouse.down();
  await page.mouse.move(card.x + 90, card.y + 60, { steps: 4 });
  await page.mouse.up();
  const placesOf = (nodes: readonly string[]) => nodes.map((one) => one.split(" ").slice(0, 3).join(" "));
  expect(placesOf((await pictureOf(page)).nodes)).toEqual(placesOf(still));

  await page.getByRole("button", { name: "Back to editing" }).click();
  await page.getByLabel("Name on the canvas").waitFor();
  expect(await page.getByLabel("Name on the canvas").inputValue()).toBe("Clerk");
  await expect.poll(() => pictureOf(page)).toEqual(before);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect.poll(() => page.getByLabel("Name on the canvas").inputValue()).toBe("");
  expect(complaints).toEqual([]);
  await context.close();
});

it("gives the same picture at each step again and after a reload, also of nodes since deleted, and no secret", async () => {
  const graph = chain();
  const slug = await server.addWorkflow(graph, "Stable");
  const key: string = (await server.call(slug, "create")).body.api_key;
  const code: string = (await server.call(slug, "code")).body.totp_code;
  expect([key.length > 20, code.length]).toEqual([true, 6]);
  const run = await runOnce(slug);
  // The run did read this code: it is used up.
  expect((await server.call(slug, "verify", { code })).text).toContain("CODE_REJECTED");
  const rest = graph.nodes.filter(({ id }) => id !== "code");
  const edges = graph.edges.filter(({ source }) => source !== "code");
  await server.api("PUT", `/workflows/${slug}`, { version: 1, nodes: rest, edges });

  const { page, context, complaints } = await openStudio(browser, server, `/w/${slug}`);
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/api/")) bodies.push(response.text().catch(() => ""));
  });
  await page.goto(`${server.url}/w/${slug}?run=${run}`);
  await stepCard(page).waitFor();
  const first = await wholeReplay(page);
  expect(first.length).toBeGreaterThan(12);
  expect(new Set(first).size).toBe(first.length);
  expect(first.join("\n")).toContain("get_totp_code: code read with");
  expect(first.join("\n")).toContain("verify_totp_code: accepted.");
  expect(first.join("\n")).toContain("••••••");
  expect(await wholeReplay(page)).toEqual(first);
  await page.reload();
  await stepCard(page).waitFor();
  expect(await wholeReplay(page)).toEqual(first);

  const sent = (await Promise.all(bodies)).join("\n");
  expect(sent).toContain("tool.finished");
  expect(sent).not.toContain(key);
  expect(sent).not.toMatch(new RegExp(`(?<!\\w)${code}(?!\\w)`));
  expect(complaints).toEqual([]);
  await context.close();
});

it("plays by itself, and for those who want no motion only step by step", async () => {
  const slug = await server.addWorkflow(chain(), "Played");
  const run = await runOnce(slug);
  const playing = await openStudio(browser, server, `/w/${slug}?run=${run}`);
  await slider(playing.page).press("Home");
  await playing.page.getByRole("button", { name: "Play" }).click();
  await expect.poll(() => slider(playing.page).inputValue(), { timeout: 10_000 }).toBe("3");
  await playing.page.getByRole("button", { name: "Pause" }).click();
  expect(playing.complaints).toEqual([]);
  await playing.context.close();

  const still = await openStudio(browser, server, `/w/${slug}?run=${run}`, { reducedMotion: "reduce" });
  await slider(still.page).press("Home");
  expect(await still.page.getByRole("button", { name: "Play" }).count()).toBe(0);
  await still.page.getByRole("button", { name: "Next step" }).click();
  expect(await slider(still.page).inputValue()).toBe("2");
  await still.context.close();
});

it("says why a hop failed and, from the replay, adds the tool that was missing", async () => {
  const slug = await server.addWorkflow(chain(["code"]), "Mended hop");
  const run = await runOnce(slug);
  const { page, context, complaints } = await openStudio(browser, server, `/w/${slug}?run=${run}`);
  await slider(page).press("Home");
  const fix = stepCard(page).getByRole("button", { name: "Add Create Agent User" });
  const next = page.getByRole("button", { name: "Next step" });
  while ((await fix.count()) === 0 && (await next.isEnabled())) await next.click();
  await stepCard(page).getByText("This agent has no account yet, so it has no codes.").waitFor();
  await fix.click();

  await cardOf(page, "create_agent_user").waitFor();
  await expect.poll(() => edgesOf(page).count()).toBe(4);
  await expect
    .poll(() =>
      page.evaluate(() =>
        document.activeElement?.querySelector(".totem-card")?.getAttribute("data-node-type"),
      ),
    )
    .toBe("create_agent_user");
  await savedMark(page).waitFor();
  // The same line stands in the chat, where the last run is told.
  await page.getByRole("log").getByText("This agent has no account yet").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

describe("prove the chain", () => {
  const prove = async (page: Page) => {
    await cardOf(page, "agent").click();
    await page.getByRole("button", { name: "Prove the chain" }).click();
  };
  const verdict = (page: Page) => page.getByTestId("proof").getByRole("status");

  it("draws the path green, and nothing the page was sent holds a code or a key", async () => {
    const slug = await server.addWorkflow(chain(), "Proved");
    const key: string = (await server.call(slug, "create")).body.api_key;
    const code: string = (await server.call(slug, "code")).body.totp_code;
    const { page, context, complaints } = await openStudio(browser, server, `/w/${slug}`);
    let sent = "";
    await page.route("**/prove", async (route) => {
      const response = await route.fetch();
      sent = await response.text();
      await route.fulfill({ response, body: sent });
    });
    await prove(page);
    await verdict(page)
      .getByText("Proved: this agent can create its account, read its code and be verified.")
      .waitFor();
    for (const type of ["create_agent_user", "get_totp_code", "verify_totp_code", "agent"])
      expect(await cardOf(page, type).getAttribute("data-status"), type).toBe("done");
    expect((await pictureOf(page)).edges.filter((edge) => edge.endsWith("tool done"))).toHaveLength(3);
    expect(sent).toContain('"verify"');
    expect(sent).not.toContain(key);
    expect(sent).not.toMatch(new RegExp(`(?<!\\w)${code}(?!\\w)`));

    // The next edit takes the marks away.
    await page.getByLabel("Name on the canvas").fill("Clerk");
    await page.getByTestId("proof").waitFor({ state: "detached" });
    expect(await cardOf(page, "agent").getAttribute("data-status")).toBe(null);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is red where a tool is not wired, and adds it", async () => {
    const slug = await server.addWorkflow(chain(["create", "verify"]), "Not wired");
    const { page, context, complaints } = await openStudio(browser, server, `/w/${slug}`);
    await prove(page);
    await verdict(page).getByText("Not proved").waitFor();
    expect(await cardOf(page, "create_agent_user").getAttribute("data-status")).toBe("done");
    expect(await page.locator('li[data-hop="code"]').getAttribute("data-stand")).toBe("failed");
    await page.getByTestId("proof").getByRole("button", { name: "Add Get TOTP Code" }).click();
    await cardOf(page, "get_totp_code").waitFor();
    await expect.poll(() => edgesOf(page).count()).toBe(5);
    await prove(page);
    await verdict(page).getByText("Proved: ").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is red where the account is disabled, and enables it", async () => {
    const slug = await server.addWorkflow(chain(), "Disabled");
    await server.call(slug, "create");
    await server.api("POST", `/agent-users/agent_${slug}_agent/disable`);
    const { page, context, complaints } = await openStudio(browser, server, `/w/${slug}`);
    await prove(page);
    await verdict(page).getByText("Not proved").waitFor();
    expect(await cardOf(page, "create_agent_user").getAttribute("data-status")).toBe("failed");
    await page.getByTestId("proof").getByRole("button", { name: "Enable the account" }).click();
    await page.getByText("The account is enabled.").waitFor();
    await page.getByTestId("proof").getByRole("button", { name: "Prove again" }).click();
    await verdict(page).getByText("Proved: ").waitFor();
    await page.getByRole("button", { name: "Close the proof" }).click();
    expect(await cardOf(page, "agent").getAttribute("data-status")).toBe(null);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
