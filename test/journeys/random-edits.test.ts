import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { WorkflowBody } from "../../plugin/api/workflows.ts";
import { judgeHandles } from "../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../plugin/workflow.ts";
import { createEditor } from "../../ui/studio/editor/editor-store.ts";
import { doEdit, type RandomEdit, randomEdit } from "../support/random-edits.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
const realFetch = globalThis.fetch;

beforeAll(async () => {
  server = await startTestServer({ settings: { TOTEM_RATE_LIMIT: "1000000" } });
});
afterAll(() => server?.stop());
// The studio's own requests, sent to the test server: a page has an address and a session, Node has neither.
beforeEach(() => {
  vi.stubGlobal("localStorage", { getItem: () => "page proof" });
  globalThis.fetch = (path, init) =>
    realFetch(new URL(String(path), server.url), {
      ...init,
      headers: { ...init?.headers, authorization: `Bearer ${server.adminKey}` },
    });
});
afterEach(() => {
  globalThis.fetch = realFetch;
  vi.unstubAllGlobals();
});

const start = {
  nodes: [
    { id: "chat", type: "trigger_chat", position: { x: 0, y: 0 }, data: { config: {} } },
    { id: "agent", type: "agent", position: { x: 340, y: 0 }, data: { config: {} } },
  ],
  edges: [
    {
      id: "chat-agent",
      source: "chat",
      target: "agent",
      sourceHandle: "out",
      targetHandle: "in",
      label: "" as const,
    },
  ],
};

/** Ids are there once, and no edge leads where none may. */
function expectWhole({ nodes, edges }: WorkflowGraph): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  expect(byId.size).toBe(nodes.length);
  expect(new Set(edges.map(({ id }) => id)).size).toBe(edges.length);
  for (const edge of edges) {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    expect(source && target && judgeHandles(source, target, edge)).toMatchObject({ allowed: true });
  }
}

async function serverHas(slug: string): Promise<WorkflowGraph> {
  const { nodes, edges } = (await server.api("GET", `/workflows/${slug}`)).body as WorkflowBody;
  return { nodes, edges };
}

async function play(edits: readonly RandomEdit[]): Promise<void> {
  const { body } = await server.api("POST", "/workflows", { name: "Random edits", ...start });
  const editor = createEditor(body as WorkflowBody);
  const present = () => editor.store.getState().history.present;
  const first = present();
  for (const edit of edits) {
    await doEdit(editor, edit);
    expectWhole(present());
  }
  const last = present();
  expect(await editor.saving.flush()).toBe(true);
  expect(await serverHas(body.slug)).toEqual(last);

  const steps = editor.store.getState().history.past.length;
  expect(steps).toBeGreaterThan(10);
  expect(steps).toBeLessThanOrEqual(100);
  for (let step = 0; step < steps; step++) editor.undo();
  expect(present()).toEqual(first);
  expect(await editor.saving.flush()).toBe(true);
  expect(await serverHas(body.slug)).toEqual(first);

  for (let step = 0; step < steps; step++) editor.redo();
  expect(present()).toEqual(last);
  expect(await editor.saving.flush()).toBe(true);
  expect(await serverHas(body.slug)).toEqual(last);
  editor.saving.stop();
}

describe("random edits", () => {
  it("20 times 50 of them: undone they are the start, redone the end, and the server has what the canvas has", async () => {
    await fc.assert(fc.asyncProperty(fc.array(randomEdit, { minLength: 50, maxLength: 50 }), play), {
      numRuns: 20,
      // A failing sequence is named by its seed; shrinking fifty edits would take longer than reading them.
      endOnFailure: true,
    });
  }, 120_000);
});
