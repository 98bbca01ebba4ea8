import fc from "fast-check";
import { findCard, nodeCards } from "../../plugin/node-cards.ts";
import type { Editor } from "../../ui/studio/editor/editor-store.ts";

/** One edit of a canvas by a person. Numbers choose among the parts that exist at that moment. */
export type RandomEdit = readonly [kind: keyof typeof deeds, a: number, b: number, c: number];

const types = nodeCards.map(({ type }) => type);
const flowTypes = types.filter((type) => findCard(type)?.kind === "agent");
const pick = <T>(list: readonly T[], number: number): T | undefined =>
  list[number % Math.max(1, list.length)];
const place = (a: number, b: number) => ({ x: (a % 120) * 10, y: (b % 90) * 10 });
const graphOf = (editor: Editor) => editor.store.getState().history.present;

function selectSome(editor: Editor, seed: number, share: number): void {
  const { nodes } = editor.store.getState();
  editor.changeNodes(
    nodes.map(({ id }, index) => ({
      id,
      type: "select" as const,
      selected: (seed + index * 7) % 10 < share,
    })),
  );
}

const deeds = {
  add: (editor: Editor, a: number, b: number, c: number) => {
    editor.dropNode(pick(types, a) ?? "agent", place(b, c));
  },
  connect: (editor: Editor, a: number, b: number, c: number) => {
    const { nodes } = graphOf(editor);
    const [source, target] = [pick(nodes, a), pick(nodes, b)];
    const from = pick(findCard(source?.type ?? "")?.handles.filter(({ type }) => type === "source") ?? [], c);
    const into = findCard(target?.type ?? "")?.handles.find(
      ({ type, edgeLabel }) => type === "target" && edgeLabel === from?.edgeLabel,
    );
    if (source && target && from && into)
      editor.connect({ source: source.id, sourceHandle: from.id, target: target.id, targetHandle: into.id });
  },
  addConnected: (editor: Editor, a: number, b: number, c: number) => {
    const node = pick(graphOf(editor).nodes, a);
    const handle = pick(findCard(node?.type ?? "")?.handles ?? [], b);
    if (node && handle)
      editor.addConnected(pick(types, c) ?? "agent", undefined, { nodeId: node.id, handleId: handle.id });
  },
  insert: (editor: Editor, a: number) => {
    const edge = pick(
      graphOf(editor).edges.filter(({ label }) => label === ""),
      a,
    );
    if (edge) editor.insertOnEdge(edge.id, flowTypes[0] ?? "agent");
  },
  reconnect: (editor: Editor, a: number, b: number) => {
    const { nodes, edges } = graphOf(editor);
    const [edge, node] = [pick(edges, a), pick(nodes, b)];
    if (edge && node) editor.reconnect(edge.id, { ...edge, target: node.id });
  },
  move: (editor: Editor, a: number, b: number, c: number) => {
    const node = pick(graphOf(editor).nodes, a);
    if (!node) return;
    const change = { id: node.id, type: "position" as const, position: place(b, c) };
    editor.changeNodes([{ ...change, dragging: true }]);
    editor.changeNodes([{ ...change, dragging: false }]);
  },
  remove: (editor: Editor, a: number) => {
    selectSome(editor, a, 1);
    editor.removeSelected();
  },
  duplicate: (editor: Editor, a: number) => {
    selectSome(editor, a, 2);
    editor.duplicateSelected();
  },
  paste: (editor: Editor, a: number, b: number, c: number) => {
    selectSome(editor, a, 2);
    editor.paste(editor.copySelected(), place(b, c));
  },
  align: (editor: Editor, a: number, b: number) => {
    selectSome(editor, a, 5);
    editor.align(pick(["left", "center", "right", "top", "middle", "bottom"] as const, b) ?? "left");
  },
  distribute: (editor: Editor, a: number, b: number) => {
    selectSome(editor, a, 5);
    editor.distribute(b % 2 === 0 ? "horizontal" : "vertical");
  },
  tidy: (editor: Editor) => editor.tidy(),
  settings: (editor: Editor, a: number, b: number) => {
    const node = pick(
      graphOf(editor).nodes.filter(({ type }) => type === "agent"),
      a,
    );
    if (node) editor.setConfig(node.id, { max_steps: 1 + (b % 100) }, `max_steps ${b}`);
  },
  name: (editor: Editor, a: number, b: number) => {
    const node = pick(graphOf(editor).nodes, a);
    if (node) editor.setLabel(node.id, `Called ${b}`);
  },
  import: (editor: Editor, a: number) => {
    // Pastes half of the canvas again. Replacing is the same, but can lose more.
    const graph = graphOf(editor);
    if (graph.nodes.length < 30)
      editor.importGraph(graph, { identities: "new", mode: a % 3 === 0 ? "replace" : "add" });
  },
} as const;

const number = fc.nat({ max: 10_000 });

/** Adding is tried more often than removing. Otherwise there would be little to edit. */
export const randomEdit: fc.Arbitrary<RandomEdit> = fc.tuple(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("add", "connect", "addConnected") },
    { weight: 2, arbitrary: fc.constantFrom(...(Object.keys(deeds) as (keyof typeof deeds)[])) },
  ) as fc.Arbitrary<keyof typeof deeds>,
  number,
  number,
  number,
);

export async function doEdit(editor: Editor, [kind, a, b, c]: RandomEdit): Promise<void> {
  await deeds[kind](editor, a, b, c);
}
