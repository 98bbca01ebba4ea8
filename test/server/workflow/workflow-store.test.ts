import { describe, expect, it } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import type { WorkflowChange } from "../../../server/workflow/workflow-store.ts";
import { createWorkflows } from "../../../server/workflow/workflows.ts";
import { random } from "../../support/seeded-random.ts";
import { actor, addWorkspace, agentGraph, node, openTestWorkspace, script, testCaller } from "./run-setup.ts";

const { database, db, workspaceId } = await openTestWorkspace();
const told: [string, WorkflowChange][] = [];
const store = createWorkflows({
  db,
  clock: systemClock,
  hooks: {
    onGraphSaved: async (_, change) => void told.push(["saved", change]),
    onRemoved: async (_, change) => void told.push(["removed", change]),
    onRestored: async (_, change) => void told.push(["restored", change]),
  },
});
const graph = agentGraph(script({ say: "hi" }), ["whoami"]);
const create = (name: string) => store.create(testCaller(workspaceId), { name, ...graph });
const save = (slug: string, version: number, change: Partial<typeof graph> & { name?: string } = {}) =>
  store.save(testCaller(workspaceId), { slug, version, ...graph, ...change });

describe("a new workflow", () => {
  it("comes back as it was made, with its first version", async () => {
    const made = await create("Sales_bot");
    expect(made).toMatchObject({ slug: "sales-bot", name: "Sales_bot", version: 1, ...graph });
    expect(await store.get({ workspaceId, slug: "sales-bot" })).toEqual(made);
    expect((await store.list(workspaceId)).map(({ slug }) => slug)).toContain("sales-bot");
  });

  it("gets a slug of its own, also when many of one name are made at once", async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => create("Same name")));
    const slugs = made.map(({ slug }) => slug).sort();
    expect(slugs).toEqual(["same-name", ...[2, 3, 4, 5, 6, 7, 8].map((n) => `same-name-${n}`)]);
  });

  it("never gets the slug of a deleted one", async () => {
    const first = await create("Gone");
    await store.remove(testCaller(workspaceId), first.slug);
    expect((await create("Gone")).slug).toBe("gone-2");
  });

  it("is refused when its text holds what no database can", async () => {
    const nodes = [node("a", "agent", { system_prompt: "a\0b" })];
    const refused = store.create(testCaller(workspaceId), { name: "Bad", nodes, edges: [] });
    await expect(refused).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(store.get({ workspaceId, slug: "bad" })).rejects.toMatchObject({
      code: "WORKFLOW_NOT_FOUND",
    });
  });
});

describe("saving", () => {
  it("makes a new version, keeps the old one and the slug", async () => {
    const { id, slug } = await create("Saved");
    const saved = await save(slug, 1, { nodes: [], edges: [], name: "Renamed" });
    expect(saved).toMatchObject({ id, slug, name: "Renamed", version: 2, nodes: [], edges: [] });
    expect(await store.getVersion({ workspaceId, workflowId: id, version: 1 })).toEqual(graph);
    expect(await store.get({ workspaceId, slug })).toEqual(saved);
  });

  it("refuses a stale version and changes nothing", async () => {
    const { slug } = await create("Stale");
    await save(slug, 1, { name: "Mine" });
    const late = save(slug, 1, { name: "Theirs" });
    await expect(late).rejects.toMatchObject({ code: "WORKFLOW_VERSION_STALE", details: { version: 2 } });
    expect(await store.get({ workspaceId, slug })).toMatchObject({ name: "Mine", version: 2 });
  });

  it("lets one of two writers with the same version through", async () => {
    const { slug } = await create("Race");
    const results = await Promise.allSettled(["a", "b", "c"].map((name) => save(slug, 1, { name })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await store.get({ workspaceId, slug })).version).toBe(2);
  });

  it("writes nothing when nothing has changed", async () => {
    const made = await create("Same");
    told.length = 0;
    expect(await save(made.slug, 1)).toEqual(made);
    expect(told).toEqual([]);
  });

  it("undoes everything when the one who follows the graph cannot", async () => {
    const { slug } = await create("Follow");
    const failing = createWorkflows({
      db,
      clock: systemClock,
      hooks: { onGraphSaved: () => Promise.reject(new Error("cannot follow")) },
    });
    const saving = failing.save(testCaller(workspaceId), { slug, version: 1, name: "New", ...graph });
    await expect(saving).rejects.toThrow("cannot follow");
    expect(await store.get({ workspaceId, slug })).toMatchObject({ name: "Follow", version: 1 });
  });
});

it("tells who follows the graph of every change, with the agents there are", async () => {
  told.length = 0;
  const { id, slug } = await create("Told");
  await save(slug, 1, { nodes: [], edges: [] });
  await store.remove(testCaller(workspaceId), slug);
  await store.restore(testCaller(workspaceId), slug);
  expect(told).toMatchObject([
    ["saved", { workspaceId, workflowId: id, agentNodeIds: ["agent"], actor }],
    ["saved", { agentNodeIds: [] }],
    ["removed", { workflowId: id }],
    ["restored", { workflowId: id }],
  ]);
  const audit = await db
    .selectFrom("audit_event")
    .select(["action", "subject_id"])
    .where("workflow_id", "=", id)
    .execute();
  expect(audit.map(({ action }) => action)).toEqual(
    ["created", "saved", "deleted", "restored"].map((a) => `workflow.${a}`),
  );
});

it("hides a deleted workflow until it is restored", async () => {
  const { slug } = await create("Hidden");
  await store.remove(testCaller(workspaceId), slug);
  const notFound = { code: "WORKFLOW_NOT_FOUND" };
  await expect(store.get({ workspaceId, slug })).rejects.toMatchObject(notFound);
  await expect(save(slug, 1, { name: "x" })).rejects.toMatchObject(notFound);
  await expect(store.remove(testCaller(workspaceId), slug)).rejects.toMatchObject(notFound);
  expect((await store.list(workspaceId)).map((workflow) => workflow.slug)).not.toContain(slug);
  expect(await store.restore(testCaller(workspaceId), slug)).toMatchObject({ slug, version: 1, ...graph });
  await expect(store.restore(testCaller(workspaceId), slug)).rejects.toMatchObject(notFound);
});

it("shows a workspace nothing of another's", async () => {
  const { id, slug } = await create("Private");
  const other = (await addWorkspace(database)).workspaceId;
  const notFound = { code: "WORKFLOW_NOT_FOUND" };
  await expect(store.get({ workspaceId: other, slug })).rejects.toMatchObject(notFound);
  await expect(store.getVersion({ workspaceId: other, workflowId: id, version: 1 })).rejects.toMatchObject(
    notFound,
  );
  await expect(store.save(testCaller(other), { slug, version: 1, ...graph })).rejects.toMatchObject(notFound);
  await expect(store.remove(testCaller(other), slug)).rejects.toMatchObject(notFound);
  expect(await store.list(other)).toEqual([]);
  expect(await store.list(random.uuid())).toEqual([]);
});
