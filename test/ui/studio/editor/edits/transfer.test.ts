import { describe, expect, it } from "vitest";
import { addCopies, partOf } from "../../../../../ui/studio/editor/edits/copies.ts";
import {
  importInto,
  readClipboard,
  readFile,
  toClipboard,
  toFile,
} from "../../../../../ui/studio/editor/edits/transfer.ts";
import { agentWorkflow } from "../../../../support/build-workflow.ts";

const graph = agentWorkflow();
const canary = "JBSWY3DPEHPK3PXPCANARY";

describe("copies", () => {
  it("never carry an id, and keep the edges between them only", () => {
    const part = partOf(graph, new Set(["agent", "code"]));
    const { graph: next, ids } = addCopies(graph, part);
    expect(ids).toHaveLength(2);
    expect(ids.some((id) => graph.nodes.some((node) => node.id === id))).toBe(false);
    const edges = next.edges.slice(graph.edges.length);
    expect(edges).toHaveLength(1);
    expect(ids).toContain(edges[0]?.source);
    expect(ids).toContain(edges[0]?.target);
  });

  it("never cover another node, however often one pastes", () => {
    let now = graph as Parameters<typeof addCopies>[0];
    for (let time = 0; time < 5; time++)
      now = addCopies(now, partOf(graph, new Set(["agent"])), { x: 0, y: 0 }).graph;
    const copies = now.nodes.slice(graph.nodes.length).map(({ position }) => `${position.x} ${position.y}`);
    expect(new Set(copies).size).toBe(5);
  });

  it("leave out an edge whose node could not come along, and refuse an id that is there twice", () => {
    const broken = { nodes: [{ ...graph.nodes[0], id: "" }, ...graph.nodes.slice(1)], edges: graph.edges };
    const read = readClipboard(toClipboard(broken as typeof graph));
    expect(read && "graph" in read && read.graph.nodes.length).toBe(graph.nodes.length - 1);
    const twice = toClipboard({ nodes: [...graph.nodes, ...graph.nodes.slice(0, 1)], edges: [] });
    expect(readClipboard(twice)).toEqual({ problem: "An id is used twice in what was copied." });
  });

  it("go through the clipboard as text, and other text is left alone", () => {
    const read = readClipboard(toClipboard(graph));
    expect(read && "graph" in read && read.graph.nodes).toEqual(graph.nodes);
    expect(toClipboard({ nodes: [], edges: [] })).toBe("");
    for (const other of ["", "hello", "{}", "[1]", "null", '{"totem":"workflow"}'])
      expect(readClipboard(other)).toBeUndefined();
    expect(readClipboard('{"totem":"nodes","version":1,"nodes":[{"id":1}],"edges":[]}')).toHaveProperty(
      "problem",
    );
  });
});

describe("a file", () => {
  it("gives back what was exported", () => {
    const read = readFile(toFile("My flow", graph));
    expect(read).toMatchObject({
      transfer: { name: "My flow", counts: { nodes: 8, agents: 1 }, unknownTypes: [] },
    });
    expect("transfer" in read && read.transfer.graph).toEqual(graph);
  });

  it("names every server its settings name, at any depth", () => {
    const model = { provider: "openai-compatible", model: "m", base_url: "https://models.example:8443/v1" };
    const steps = [
      { tool: "http_request", arguments: { url: "see http://127.0.0.1:9/x and https://a.example" } },
    ];
    const theirs = { nodes: [{ ...graph.nodes[0], data: { config: { ...model, steps } } }], edges: [] };
    const read = readFile(toFile("Servers", theirs as unknown as typeof graph));
    expect("transfer" in read && read.transfer.servers).toEqual([
      "http://127.0.0.1:9",
      "https://a.example",
      "https://models.example:8443",
    ]);
    expect(readFile(toFile("None", graph))).toMatchObject({ transfer: { servers: [] } });
  });

  it("holds no secret, even where one was typed into settings that could not be saved", () => {
    const [first, ...rest] = graph.nodes;
    if (!first) throw new Error("The workflow is empty.");
    const leaky = [
      { ...first, data: { config: { secret: canary } } },
      { ...first, id: "b", data: { config: { note: { api_key: canary } } } },
      ...rest,
    ];
    for (const text of [
      toFile("Leaky", { nodes: leaky, edges: [] }),
      toClipboard({ nodes: leaky, edges: [] }),
    ]) {
      expect(text).not.toContain(canary);
      expect(text).toContain('"chat"');
    }
  });

  it.each([
    ["not json", "This is not JSON."],
    ["[]", "This is not a workflow that Totem exported."],
    ['{"nodes":[]}', "This is not a workflow that Totem exported."],
    [
      JSON.stringify({ totem: "workflow", version: 2, name: "x", nodes: [], edges: [] }),
      "version: is not as it must be.",
    ],
    [
      JSON.stringify({
        totem: "workflow",
        version: 1,
        name: "x",
        nodes: [{ id: canary.repeat(9), type: "agent" }],
        edges: [],
      }),
      "nodes.0.id: Use 1 to 100 letters, digits, _ . : or -, beginning with a letter or digit.",
    ],
    [
      JSON.stringify({
        totem: "workflow",
        version: 1,
        name: "x",
        nodes: [{ id: "a", type: "agent", data: { config: { token: canary } } }],
        edges: [],
      }),
      "nodes.0.data.config.token: Secrets are not stored in a workflow. Store a model key and name it instead.",
    ],
    [
      JSON.stringify({
        totem: "workflow",
        version: 1,
        name: "x",
        nodes: [
          { id: "a", type: "agent" },
          { id: "a", type: "agent" },
        ],
        edges: [],
      }),
      "An id is used twice in this file.",
    ],
  ])("that cannot be used says why and repeats nothing of it (%#)", (text, problem) => {
    expect(readFile(text)).toEqual({ problem });
    expect(problem).not.toContain(canary);
  });

  it("makes new identities unless ids are kept, and what is added always has its own", () => {
    const ids = (of: { nodes: readonly { id: string }[] }) => of.nodes.map(({ id }) => id);
    expect(ids(importInto(graph, graph, { identities: "keep", mode: "replace" }))).toEqual(ids(graph));
    const fresh = ids(importInto(graph, graph, { identities: "new", mode: "replace" }));
    expect(fresh.some((id) => ids(graph).includes(id))).toBe(false);
    for (const identities of ["keep", "new"] as const) {
      const added = ids(importInto(graph, graph, { identities, mode: "add" }));
      expect(new Set(added).size).toBe(2 * graph.nodes.length);
    }
  });
});
