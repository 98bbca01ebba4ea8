import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { agentWorkflow } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";
import { withoutRandom } from "../support/without-random.ts";

const journey = startJourney();

const workflow = () => {
  const { nodes, edges } = agentWorkflow([
    { tool: "create_agent_user" },
    { tool: "get_totp_code" },
    { say: "I am {{create_agent_user.username}}." },
  ]);
  return {
    nodes: nodes.map((node, index) => ({
      ...node,
      position: { x: (index % 4) * 260, y: Math.floor(index / 4) * 220 },
    })),
    edges,
  };
};

const nodeIds = (page: Page) =>
  page
    .locator(".react-flow__node")
    .evaluateAll((nodes: HTMLElement[]) => nodes.map((one) => one.dataset.id ?? "").sort());

describe("export and import", () => {
  it("a workflow is exported without any secret, and taken in again with new identities or with its own", async () => {
    const { nodes, edges } = workflow();
    const { slug, studio, page, complaints, context } = await journey.openWorkflow(
      { nodes, edges },
      "Give away",
    );
    await expect.poll(() => studio.edges().count()).toBe(edges.length);
    // An account with a key, a seed and codes now exists beside the workflow.
    await studio.sendMessage("Go.");
    await studio.runStatus("succeeded").waitFor();

    await studio.chooseInWorkflowMenu("Export as JSON…");
    await page.getByText("No keys, codes or identities are in it.").waitFor();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`${slug}.totem.json`);
    const text = await readFile(await download.path(), "utf8");
    expect(JSON.parse(text).nodes).toHaveLength(nodes.length);
    for (const secret of [
      journey.server.adminKey,
      /totem_[A-Za-z0-9_-]{16,}/,
      /otpauth/i,
      /agent_give-away/,
      /[A-Z2-7]{32}/,
      /\d{6}/,
    ])
      expect(text).not.toMatch(secret);
    await page.keyboard.press("Escape");

    // Replaced with the ids kept: the same agent, and so the same identity.
    await studio.chooseInWorkflowMenu("Import JSON…");
    const dialog = page.getByRole("dialog", { name: "Import JSON" });
    await dialog.getByLabel("File", { exact: true }).setInputFiles({
      name: "given.json",
      mimeType: "application/json",
      buffer: Buffer.from(text.replace("I am", "Still I am")),
    });
    await dialog.getByRole("status").getByText("8 nodes, 7 edges, 1 agent").waitFor();
    await dialog.getByLabel("Replace this canvas").check();
    await dialog.getByLabel(/^Keep node ids/).check();
    expect(await studio.seriousAxeProblems()).toEqual([]);
    const before = await nodeIds(page);
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await nodeIds(page)).toEqual(before);
    await studio.savedMark().waitFor();

    // New identities: other ids, one step to undo.
    await studio.chooseInWorkflowMenu("Import JSON…");
    await dialog.getByLabel("Or drop a file here, or paste the JSON").fill(text);
    await dialog.getByLabel("Replace this canvas").check();
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await expect.poll(async () => (await nodeIds(page)).filter((id) => before.includes(id))).toEqual([]);
    expect(await studio.edges().count()).toBe(edges.length);
    await page.keyboard.press("Control+z");
    await expect.poll(() => nodeIds(page)).toEqual(before);

    // Added beside what is here.
    await studio.chooseInWorkflowMenu("Import JSON…");
    await dialog.getByLabel("Or drop a file here, or paste the JSON").fill(text);
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await expect.poll(() => studio.card("agent").count()).toBe(2);
    await studio.toast().getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => studio.card("agent").count()).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it("says in plain words what is wrong with a file, and can open it as a workflow of its own", async () => {
  const { nodes, edges } = workflow();
  const { studio, page, complaints, context } = await journey.openWorkflow({ nodes, edges }, "Origin");
  await expect.poll(() => studio.edges().count()).toBe(edges.length);
  await studio.chooseInWorkflowMenu("Import JSON…");
  const dialog = page.getByRole("dialog", { name: "Import JSON" });
  const paste = dialog.getByLabel("Or drop a file here, or paste the JSON");
  const file = (change: object) =>
    JSON.stringify({ totem: "workflow", version: 1, name: "Newcomer", nodes, edges, ...change });

  await paste.fill("{");
  await dialog.getByRole("alert").getByText("This is not JSON.").waitFor();
  await paste.fill("{}");
  await dialog.getByText("This is not a workflow that Totem exported.").waitFor();
  await paste.fill(file({ nodes: [{ id: "a b", type: "agent" }] }));
  await dialog.getByText("nodes.0.id: Use 1 to 100 letters").waitFor();
  await paste.fill(
    file({ nodes: [{ id: "a", type: "agent", data: { config: { password: "canary-5521" } } }] }),
  );
  await dialog.getByText("Secrets are not stored in a workflow.").waitFor();
  expect(withoutRandom((await dialog.getByRole("alert").allTextContents()).join())).not.toContain(
    "canary-5521",
  );
  await paste.fill(file({ nodes: [...nodes, { id: "odd", type: "martian" }] }));
  await dialog.getByText("Not known here and left as they are: martian").waitFor();
  await paste.fill(file({}));
  await dialog.getByLabel("As a new workflow").check();
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect.poll(() => studio.path()).toBe("/w/newcomer");
  await expect.poll(() => studio.edges().count()).toBe(edges.length);
  expect(complaints).toEqual([]);
  await context.close();
});
