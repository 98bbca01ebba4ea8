import { expect, it } from "vitest";
import type { WorkflowBody } from "../../../../plugin/api/workflows.ts";
import { createEditor } from "../../../../ui/studio/editor/editor-store.ts";
import { offerUndo } from "../../../../ui/studio/editor/selection-commands.ts";
import { toastStore } from "../../../../ui/studio/kit/toasts.ts";

const open = () =>
  createEditor({
    id: "w",
    slug: "w",
    name: "W",
    version: 1,
    nodes: [],
    edges: [],
  } as unknown as WorkflowBody);
const texts = () => toastStore.getState().toasts.map(({ text }) => text);

it("an offer to undo takes back what it tells of", () => {
  const editor = open();
  editor.addNode("agent", { x: 0, y: 0 });
  editor.addNode("whoami", { x: 0, y: 0 });
  offerUndo(editor, "Added.");
  toastStore.getState().toasts[0]?.action?.run();
  expect(editor.store.getState().history.present.nodes.map(({ type }) => type)).toEqual(["agent"]);
  expect(texts()).toEqual([]);
});

it("an offer to undo is withdrawn by the next change, and by undoing it in another way", () => {
  const editor = open();
  editor.addNode("agent", { x: 0, y: 0 });
  offerUndo(editor, "Added.");
  expect(texts()).toEqual(["Added."]);
  editor.select(undefined);
  expect(texts()).toEqual(["Added."]);
  editor.addNode("sticky_note", { x: 0, y: 0 });
  expect(texts()).toEqual([]);
  offerUndo(editor, "Noted.");
  editor.undo();
  expect(texts()).toEqual([]);
});
