import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { HandleContract } from "../../../plugin/handles.ts";
import type { NodeCard } from "../../../plugin/node-card.ts";
import { findCard, nodeCards } from "../../../plugin/node-cards.ts";
import { judgeConnection } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { HandleRef } from "../../canvas/card-actions.tsx";
import { NodeIconMark } from "../../node-icons.tsx";
import { searchNodes } from "../../palette/search-nodes.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import type { Editor } from "../editor/editor-store.ts";
import { focusPart } from "../editor/focus-part.ts";
import type { XY } from "../editor/graph-edits.ts";
import type { AddRequest } from "../editor/overlay.ts";
import { cardSize, findFreePosition, positionAtWireEnd } from "../editor/positions.ts";
import { SearchList, SearchText } from "../kit/SearchList.tsx";
import { useReactFlow } from "../xyflow.ts";
import styles from "./QuickAdd.module.css";

export interface QuickAddProps {
  readonly ask: AddRequest;
  readonly onClose: () => void;
}

const margin = 8;

/** Keeps a box of this size within the window. */
const within = (wanted: number, size: number, room: number): number =>
  Math.max(margin, Math.min(wanted, room - size - margin));

/** The nodes that fit the request, in a list to search. */
export function QuickAdd({ ask, onClose }: QuickAddProps) {
  const editor = useEditor();
  const panel = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [before] = useState(() => document.activeElement);
  const [fitting] = useState(() => fittingCards(editor.store.getState().history.present, ask));
  const add = useAddNode();
  const found = searchNodes(fitting, query);

  useLayoutEffect(() => {
    const box = panel.current;
    if (!box) return;
    box.showPopover();
    const position = () => {
      const canvas = document.querySelector(".react-flow")?.getBoundingClientRect();
      const middle = canvas && {
        x: canvas.x + canvas.width / 2 - box.offsetWidth / 2,
        y: canvas.y + canvas.height / 2 - box.offsetHeight / 2,
      };
      const { x, y } = ask.at ?? middle ?? { x: 0, y: 0 };
      box.style.left = `${within(x, box.offsetWidth, innerWidth)}px`;
      box.style.top = `${within(y, box.offsetHeight, innerHeight)}px`;
    };
    position();
    box.querySelector("input")?.focus();
    // Also when the person zooms or turns the device.
    window.addEventListener("resize", position);
    return () => window.removeEventListener("resize", position);
  }, [ask]);

  // Closed at once, not with the browser's event: the next key is meant for the canvas.
  useEffect(() => {
    const press = ({ target }: PointerEvent) => {
      if (target instanceof Node && !panel.current?.contains(target)) onClose();
    };
    document.addEventListener("pointerdown", press, true);
    return () => {
      document.removeEventListener("pointerdown", press, true);
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  }, [onClose, before]);

  const choose = ({ type }: NodeCard) => {
    const id = add(type, ask);
    onClose();
    if (id === undefined) return;
    editor.select(id);
    focusPart(id);
  };
  return (
    <div
      ref={panel}
      popover="manual"
      data-part="quick-add"
      className={styles.panel}
      role="dialog"
      aria-label={title(ask)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) onClose();
      }}
    >
      <SearchList
        label={title(ask)}
        placeholder="Search nodes"
        query={query}
        onQuery={setQuery}
        items={found}
        keyOf={(card) => card.type}
        onChoose={choose}
        empty={
          fitting.length === 0
            ? "No node fits here: this handle accepts no more edges."
            : `No node that fits here is called “${query}”. Try another word.`
        }
      >
        {(card) => (
          <>
            <span className="totem-card__icon" data-kind={card.kind}>
              <NodeIconMark icon={card.palette.icon} size={16} />
            </span>
            <SearchText data-node-type={card.type}>
              <span>{card.palette.label}</span>
              <span>{card.palette.description}</span>
            </SearchText>
          </>
        )}
      </SearchList>
    </div>
  );
}

const title = ({ from, edgeId }: AddRequest): string =>
  edgeId !== undefined ? "Insert a node" : from ? "Add a connected node" : "Add a node";

/** Adds the chosen node where it was asked for, wired if it was asked for at a handle: one step to undo. */
export function useAddNode(): (type: string, ask: AddRequest) => string | undefined {
  const editor = useEditor();
  const flow = useReactFlow();
  return useCallback(
    (type, { at, from, dropped, edgeId }) => {
      const graph = editor.store.getState().history.present;
      if (edgeId !== undefined) return editor.insertOnEdge(edgeId, type);
      const point = at ? flow.screenToFlowPosition(at) : middleOfView(flow);
      if (!from) {
        const { width, height } = cardSize(type);
        const free = at
          ? { x: point.x - width / 2, y: point.y - height / 2 }
          : findFreePosition(graph.nodes, type, besideChosen(editor, type) ?? point);
        return editor.addNode(type, free);
      }
      const card = findCard(type);
      const handle = card && fittingHandle(graph, from, card);
      return editor.addConnected(type, dropped && positionAtWireEnd(type, point, handle), from);
    },
    [editor, flow],
  );
}

/** By key: a node of the flow goes to the right of the selected node, a part goes below it. */
function besideChosen(editor: Editor, type: string): XY | undefined {
  const [chosen, another] = editor.store.getState().nodes.filter(({ selected }) => selected);
  if (!chosen || another) return undefined;
  const size = cardSize(chosen.type ?? "");
  const middle = { x: chosen.position.x + size.width / 2, y: chosen.position.y + size.height / 2 };
  const kind = findCard(type)?.kind;
  return kind === "tool" || kind === "model"
    ? { x: middle.x, y: middle.y + size.height + 120 }
    : { x: middle.x + size.width + 100, y: middle.y };
}

function middleOfView(flow: ReturnType<typeof useReactFlow>): XY {
  const canvas = document.querySelector(".react-flow")?.getBoundingClientRect();
  if (!canvas) return { x: 0, y: 0 };
  return flow.screenToFlowPosition({ x: canvas.x + canvas.width / 2, y: canvas.y + canvas.height / 2 });
}

const newcomer = "newcomer";

/** The handle by which a card can be wired to `from`, by the rule for connections. */
function fittingHandle(graph: WorkflowGraph, from: HandleRef, card: NodeCard): HandleContract | undefined {
  const node = graph.nodes.find(({ id }) => id === from.nodeId);
  const start = findCard(node?.type ?? "")?.handles.find(({ id }) => id === from.handleId);
  if (!start) return undefined;
  const own = { id: newcomer, type: card.type, position: { x: 0, y: 0 }, data: { config: {} } };
  const withIt = { nodes: [...graph.nodes, own], edges: graph.edges };
  return card.handles.find((handle) => {
    if (handle.type === start.type) return false;
    const ends =
      start.type === "source"
        ? { source: from.nodeId, sourceHandle: from.handleId, target: newcomer, targetHandle: handle.id }
        : { source: newcomer, sourceHandle: handle.id, target: from.nodeId, targetHandle: from.handleId };
    return judgeConnection(withIt, ends).allowed;
  });
}

const takesFlow = ({ handles }: NodeCard): boolean =>
  (["source", "target"] as const).every((type) =>
    handles.some((handle) => handle.type === type && handle.edgeLabel === ""),
  );

/** The nodes that can be added for this request, in palette order. */
export function fittingCards(graph: WorkflowGraph, { from, edgeId }: AddRequest): readonly NodeCard[] {
  if (edgeId !== undefined) return nodeCards.filter(takesFlow);
  return from ? nodeCards.filter((card) => fittingHandle(graph, from, card) !== undefined) : nodeCards;
}
