import type { HandleContract } from "../../plugin/handles.ts";
import { findCard } from "../../plugin/node-cards.ts";
import type { Connection } from "../../plugin/tool-edge.ts";
import { handleText, readCardData } from "../canvas/card-text.ts";
import { type CanvasGraph, whyNotConnect } from "../canvas/validate-connection.ts";

/** What wiring by key looks at: a host's nodes as React Flow holds them. */
export interface WiringGraph {
  readonly nodes: readonly (CanvasGraph["nodes"][number] & {
    readonly position?: { readonly x: number; readonly y: number };
    readonly data?: unknown;
  })[];
  readonly edges: CanvasGraph["edges"];
}

/** One line of the list: a handle to start at, or a handle to end at. */
export interface WiringChoice {
  readonly key: string;
  readonly text: string;
  readonly handleId: string;
  readonly connection?: Connection;
  /** Why it cannot be chosen. */
  readonly refused?: string;
}

type WiringNode = WiringGraph["nodes"][number];

const handlesOf = (node: WiringNode | undefined): readonly HandleContract[] =>
  findCard(node?.type ?? "")?.handles ?? [];

export const nodeName = (node: WiringNode | undefined): string =>
  readCardData(node?.data).label ?? findCard(node?.type ?? "")?.palette.label ?? node?.id ?? "";

const findNode = (graph: WiringGraph, id: string): WiringNode | undefined =>
  graph.nodes.find((node) => node.id === id);

export function handleChoices(graph: WiringGraph, nodeId: string): WiringChoice[] {
  return handlesOf(findNode(graph, nodeId)).map((handle) => ({
    key: `${handle.type} ${handle.id}`,
    text: handleText(handle),
    handleId: handle.id,
  }));
}

const distance = (one: WiringNode, other: WiringNode): number =>
  Math.hypot(
    (one.position?.x ?? 0) - (other.position?.x ?? 0),
    (one.position?.y ?? 0) - (other.position?.y ?? 0),
  );

const handleName = (handle: HandleContract): string =>
  handle.label ?? (handle.edgeLabel === "" ? handleText(handle) : "");

/** Every handle that a wire from this handle could end at: first the allowed ones, nearest first; then the refused ones, each with its reason. */
export function targetChoices(graph: WiringGraph, nodeId: string, handleId: string): WiringChoice[] {
  const start = findNode(graph, nodeId);
  const from = handlesOf(start).find(({ id }) => id === handleId);
  if (!start || !from) return [];
  const byDistance = graph.nodes
    .filter(({ id }) => id !== nodeId)
    .toSorted((a, b) => distance(start, a) - distance(start, b) || nodeName(a).localeCompare(nodeName(b)));
  const choices = byDistance.flatMap((node) =>
    handlesOf(node)
      .filter(({ type }) => type !== from.type)
      .map((handle): WiringChoice => {
        const connection =
          from.type === "source"
            ? { source: nodeId, sourceHandle: from.id, target: node.id, targetHandle: handle.id }
            : { source: node.id, sourceHandle: handle.id, target: nodeId, targetHandle: from.id };
        return {
          key: `${node.id} ${handle.id}`,
          text: [nodeName(node), handleName(handle)].filter(Boolean).join(", "),
          handleId: handle.id,
          connection,
          refused: whyNotConnect(graph, connection),
        };
      }),
  );
  return [...choices.filter(({ refused }) => !refused), ...choices.filter(({ refused }) => refused)];
}

/** The wire in words: "Get TOTP Code → Agent, Tools". */
export function wireText(graph: WiringGraph, { source, target, targetHandle }: Connection): string {
  const end = findNode(graph, target);
  const handle = handlesOf(end).find(({ id }) => id === targetHandle);
  const name = handle ? handleName(handle) : "";
  return `${nodeName(findNode(graph, source))} → ${[nodeName(end), name].filter(Boolean).join(", ")}`;
}

/** Every word typed must be found in the line. */
export function matchChoices(choices: readonly WiringChoice[], query: string): readonly WiringChoice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)));
}
