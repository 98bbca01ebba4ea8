import { describe, expect, it } from "vitest";
import { flowEdge, modelEdge, nodeAt, toolEdge } from "../support/build-workflow.ts";
import { fixedClock } from "../support/fixed-clock.ts";
import { startJourney } from "../support/start-journey.ts";
import type { StudioPage } from "../support/studio-page.ts";

// The server's clock stands still, so the code a run reads can be known beforehand.
const journey = startJourney({ clock: fixedClock(new Date()) });

const steps = [
  { tool: "create_agent_user" },
  { tool: "get_totp_code" },
  { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
  { say: "I proved who I am." },
];

const chain = (wired: readonly ("create" | "code" | "verify")[] = ["create", "code", "verify"]) => {
  const tools = [
    nodeAt([240, 250], "create", "create_agent_user"),
    nodeAt([480, 250], "code", "get_totp_code"),
    nodeAt([720, 250], "verify", "verify_totp_code"),
  ].filter(({ id }) => wired.some((one) => one === id));
  return {
    nodes: [
      nodeAt([0, 0], "chat", "trigger_chat"),
      nodeAt([300, 0], "agent", "agent"),
      nodeAt([0, 250], "model", "ai_model", {
        steps: steps.filter(
          ({ tool }) => tool === undefined || tools.some(({ type }) => type === tool),
        ) as never,
      }),
      ...tools,
    ],
    edges: [flowEdge("chat", "agent"), modelEdge("model"), ...tools.map(({ id }) => toolEdge(id))],
  };
};

async function runOnce(slug: string): Promise<string> {
  const { body } = await journey.server.api("POST", `/workflows/${slug}/runs`, {
    input: "Prove who you are.",
  });
  await expect
    .poll(async () => (await journey.server.api("GET", `/runs/${body.id}`)).body.finished_at)
    .not.toBe(null);
  return body.id;
}

/** The picture and the words at every step, by the keys of the slider. */
async function wholeReplay(studio: StudioPage): Promise<string[]> {
  const { page } = studio;
  await studio.stepSlider().focus();
  await page.keyboard.press("Home");
  const last = Number(await studio.stepSlider().getAttribute("max"));
  const seen: string[] = [];
  for (let step = 1; step <= last; step++) {
    if (step > 1) await page.keyboard.press("ArrowRight");
    await studio
      .stepCard()
      .getByRole("heading", { name: `Step ${step}:` })
      .waitFor();
    const { nodes, edges } = await studio.picture();
    seen.push(JSON.stringify([nodes, edges, await studio.stepCard().textContent()]));
  }
  return seen;
}

it("lists past runs, replays one by mouse and keys, and gives the editor back as it was", async () => {
  const { studio, page, context, complaints } = await journey.openWorkflow(chain(), "Looked back on");
  await page.getByRole("tab", { name: "Chat" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("No runs yet.").waitFor();

  await page.keyboard.press("ArrowLeft");
  await studio.sendMessage("Prove who you are.");
  await studio.runStatus("succeeded").waitFor();
  await studio.card("agent").click();
  await page.getByLabel("Name on the canvas").fill("Clerk");
  await studio.savedMark().waitFor();
  await page.getByRole("button", { name: "Zoom out" }).click();
  const before = await studio.picture();

  await studio.openRuns();
  await expect.poll(() => studio.pastRuns().count()).toBe(1);
  expect(await studio.pastRuns().first().textContent()).toMatch(
    /Done[\s\S]*Prove who you are\.[\s\S]*version 1/,
  );
  expect(await studio.pastRuns().first().locator("time").getAttribute("title")).toMatch(/\d{4}/);
  await studio.pastRuns().first().press("Enter");

  await page.getByText(/^Run of /).waitFor();
  await page.getByText(/ · started by (Owner \(owner\)|totem_admin) · version /).waitFor();
  expect(new URL(page.url()).searchParams.get("run")).toMatch(/^[0-9a-f-]{36}$/);
  // As it was at that run: the agent had no name of its own yet.
  expect(await studio.card("agent").textContent()).toContain("Agent");
  const box = await studio.stepSlider().boundingBox();
  if (!box) throw new Error("There is no slider.");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect
    .poll(() => studio.stepSlider().inputValue())
    .not.toBe(await studio.stepSlider().getAttribute("max"));
  expect(await studio.stepSlider().getAttribute("aria-valuetext")).toMatch(/^Step \d+ of \d+\. /);

  // Nothing can be changed: no palette, no dragging, no deleting, no undo.
  expect(await page.locator(".totem-palette__card, .totem-plus").count()).toBe(0);
  await studio.card("get_totp_code").click();
  await page.getByRole("complementary", { name: "What this node saw" }).waitFor();
  const still = (await studio.picture()).nodes;
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+z");
  const card = await studio.card("get_totp_code").boundingBox();
  if (!card) throw new Error("There is no card.");
  await page.mouse.move(card.x + 20, card.y + 20);
  await page.mouse.down();
  await page.mouse.move(card.x + 90, card.y + 60, { steps: 4 });
  await page.mouse.up();
  const placesOf = (nodes: readonly string[]) => nodes.map((one) => one.split(" ").slice(0, 3).join(" "));
  expect(placesOf((await studio.picture()).nodes)).toEqual(placesOf(still));

  await page.getByRole("button", { name: "Back to editing" }).click();
  await page.getByLabel("Name on the canvas").waitFor();
  expect(await page.getByLabel("Name on the canvas").inputValue()).toBe("Clerk");
  await expect.poll(() => studio.picture()).toEqual(before);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect.poll(() => page.getByLabel("Name on the canvas").inputValue()).toBe("");
  expect(complaints).toEqual([]);
  await context.close();
});

it("gives the same picture at each step again and after a reload, also of nodes since deleted, and no secret", async () => {
  const graph = chain();
  const slug = await journey.server.addWorkflow(graph, "Stable");
  const key: string = (await journey.server.call(slug, "create")).body.api_key;
  const code: string = (await journey.server.call(slug, "code")).body.totp_code;
  expect([key.length > 20, code.length]).toEqual([true, 6]);
  const run = await runOnce(slug);
  // The run did read this code: it is used up.
  expect((await journey.server.call(slug, "verify", { code })).text).toContain("CODE_REJECTED");
  const rest = graph.nodes.filter(({ id }) => id !== "code");
  const edges = graph.edges.filter(({ source }) => source !== "code");
  await journey.server.api("PUT", `/workflows/${slug}`, { version: 1, nodes: rest, edges });

  const { studio, page, context, complaints } = await journey.open(`/w/${slug}`);
  const heard = studio.answersFromNow((answer) => answer.url().includes("/api/"));
  await page.goto(`${journey.server.url}/w/${slug}?run=${run}`);
  await studio.stepCard().waitFor();
  const first = await wholeReplay(studio);
  expect(first.length).toBeGreaterThan(12);
  expect(new Set(first).size).toBe(first.length);
  expect(first.join("\n")).toContain("get_totp_code: code read with");
  expect(first.join("\n")).toContain("verify_totp_code: accepted.");
  expect(first.join("\n")).toContain("••••••");
  expect(await wholeReplay(studio)).toEqual(first);
  await page.reload();
  await studio.stepCard().waitFor();
  expect(await wholeReplay(studio)).toEqual(first);

  const sent = await heard();
  expect(sent).toContain("tool.finished");
  expect(sent).not.toContain(key);
  expect(sent).not.toMatch(new RegExp(`(?<!\\w)${code}(?!\\w)`));
  expect(complaints).toEqual([]);
  await context.close();
});

it("plays by itself, and for those who want no motion only step by step", async () => {
  const slug = await journey.server.addWorkflow(chain(), "Played");
  const run = await runOnce(slug);
  const playing = await journey.open(`/w/${slug}?run=${run}`);
  await playing.studio.stepSlider().press("Home");
  await playing.page.getByRole("button", { name: "Play" }).click();
  await expect.poll(() => playing.studio.stepSlider().inputValue(), { timeout: 10_000 }).toBe("3");
  await playing.page.getByRole("button", { name: "Pause" }).click();
  expect(playing.complaints).toEqual([]);
  await playing.context.close();

  const still = await journey.open(`/w/${slug}?run=${run}`, { reducedMotion: "reduce" });
  await still.studio.stepSlider().press("Home");
  expect(await still.page.getByRole("button", { name: "Play" }).count()).toBe(0);
  await still.page.getByRole("button", { name: "Next step" }).click();
  expect(await still.studio.stepSlider().inputValue()).toBe("2");
  await still.context.close();
});

it("says why a hop failed and, from the replay, adds the tool that was missing", async () => {
  const slug = await journey.server.addWorkflow(chain(["code"]), "Mended hop");
  const run = await runOnce(slug);
  const { studio, page, context, complaints } = await journey.open(`/w/${slug}?run=${run}`);
  await studio.stepSlider().press("Home");
  const fix = studio.stepCard().getByRole("button", { name: "Add Create Agent User" });
  const next = page.getByRole("button", { name: "Next step" });
  while ((await fix.count()) === 0 && (await next.isEnabled())) await next.click();
  await studio.stepCard().getByText("This agent has no account yet, so it has no codes.").waitFor();
  await fix.click();

  await studio.card("create_agent_user").waitFor();
  await expect.poll(() => studio.edges().count()).toBe(4);
  await expect
    .poll(() =>
      page.evaluate(() =>
        document.activeElement?.querySelector(".totem-card")?.getAttribute("data-node-type"),
      ),
    )
    .toBe("create_agent_user");
  await studio.savedMark().waitFor();
  // The same line stands in the chat, where the last run is told.
  await studio.conversation().getByText("This agent has no account yet").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

describe("prove the chain", () => {
  const prove = async (studio: StudioPage) => {
    await studio.card("agent").click();
    await studio.proveTheChain();
  };
  const verdict = (studio: StudioPage) => studio.proof().getByRole("status");

  it("draws the path green, and nothing the page was sent holds a code or a key", async () => {
    const slug = await journey.server.addWorkflow(chain(), "Proved");
    const key: string = (await journey.server.call(slug, "create")).body.api_key;
    const code: string = (await journey.server.call(slug, "code")).body.totp_code;
    const { studio, page, context, complaints } = await journey.open(`/w/${slug}`);
    let sent = "";
    await page.route("**/prove", async (route) => {
      const response = await route.fetch();
      sent = await response.text();
      await route.fulfill({ response, body: sent });
    });
    await prove(studio);
    await verdict(studio)
      .getByText("Proved: this agent can create its account, read its code and be verified.")
      .waitFor();
    for (const type of ["create_agent_user", "get_totp_code", "verify_totp_code", "agent"])
      expect(await studio.card(type).getAttribute("data-status"), type).toBe("done");
    expect((await studio.picture()).edges.filter((edge) => edge.endsWith("tool done"))).toHaveLength(3);
    expect(sent).toContain('"verify"');
    expect(sent).not.toContain(key);
    expect(sent).not.toMatch(new RegExp(`(?<!\\w)${code}(?!\\w)`));

    // The next edit takes the marks away.
    await page.getByLabel("Name on the canvas").fill("Clerk");
    await studio.proof().waitFor({ state: "detached" });
    expect(await studio.card("agent").getAttribute("data-status")).toBe(null);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is red where a tool is not wired, and adds it", async () => {
    const { studio, page, context, complaints } = await journey.openWorkflow(
      chain(["create", "verify"]),
      "Not wired",
    );
    await prove(studio);
    await verdict(studio).getByText("Not proved").waitFor();
    expect(await studio.card("create_agent_user").getAttribute("data-status")).toBe("done");
    expect(await page.locator('li[data-hop="code"]').getAttribute("data-stand")).toBe("failed");
    await studio.proof().getByRole("button", { name: "Add Get TOTP Code" }).click();
    await studio.card("get_totp_code").waitFor();
    await expect.poll(() => studio.edges().count()).toBe(5);
    await prove(studio);
    await verdict(studio).getByText("Proved: ").waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is red where the account is disabled, and enables it", async () => {
    const slug = await journey.server.addWorkflow(chain(), "Disabled");
    await journey.server.call(slug, "create");
    await journey.server.api("POST", `/agent-users/agent_${slug}_agent/disable`);
    const { studio, page, context, complaints } = await journey.open(`/w/${slug}`);
    await prove(studio);
    await verdict(studio).getByText("Not proved").waitFor();
    expect(await studio.card("create_agent_user").getAttribute("data-status")).toBe("failed");
    await studio.proof().getByRole("button", { name: "Enable the account" }).click();
    await page.getByText("The account is enabled.").waitFor();
    await studio.proof().getByRole("button", { name: "Prove again" }).click();
    await verdict(studio).getByText("Proved: ").waitFor();
    await page.getByRole("button", { name: "Close the proof" }).click();
    expect(await studio.card("agent").getAttribute("data-status")).toBe(null);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
