import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Connection } from "../../plugin/tool-edge.ts";
import { keyName } from "./key-name.ts";
import { WiringList } from "./WiringList.tsx";
import {
  handleChoices,
  nodeName,
  targetChoices,
  type WiringChoice,
  type WiringGraph,
  wireText,
} from "./wiring-choices.ts";

export interface KeyboardWiringProps extends WiringGraph {
  readonly onConnect: (connection: Connection & { sourceHandle: string; targetHandle: string }) => void;
  /** Every sentence that is said to a screen reader. */
  readonly onAnnounce?: (text: string) => void;
  /** More about the wire before it is connected, such as the account that its agent gets. */
  readonly describeTarget?: (connection: Connection) => ReactNode;
}

interface Wiring {
  readonly nodeId: string;
  readonly handleId?: string;
  /** The position of the list on the screen. */
  readonly at: { readonly left: number; readonly top: number };
}

const nodeElement = (scope: Element | null, id: string): HTMLElement | undefined =>
  [...(scope?.querySelectorAll<HTMLElement>(".react-flow__node") ?? [])].find(
    ({ dataset }) => dataset.id === id,
  );

/** Beside the node, and always fully on the screen, also with a high zoom. */
function positionBeside(node: Element): Wiring["at"] {
  const { left, bottom } = node.getBoundingClientRect();
  const within = (value: number, most: number) => Math.max(8, Math.min(value, most));
  return { left: within(left, innerWidth - 328), top: within(bottom + 12, innerHeight - 348) };
}

/**
 * Wires without a mouse: focus a node, press `c`, choose a handle, choose where it goes, press Enter.
 * React Flow's own handles cannot be reached by key. Put it inside `<ReactFlow>`, or beside it in one element.
 *
 * @example <ReactFlow nodes={nodes} edges={edges}><KeyboardWiring nodes={nodes} edges={edges} onConnect={connect} /></ReactFlow>
 */
export function KeyboardWiring({ nodes, edges, onConnect, onAnnounce, describeTarget }: KeyboardWiringProps) {
  const root = useRef<HTMLDivElement>(null);
  const closing = useRef(false);
  const [wiring, setWiring] = useState<Wiring>();
  const [active, setActive] = useState<WiringChoice>();
  const [said, setSaid] = useState("");
  const graph = { nodes, edges };
  const scope = () => root.current?.closest(".react-flow") ?? root.current?.parentElement ?? null;
  const say = (text: string) => {
    setSaid(text);
    onAnnounce?.(text);
  };

  const start = (node: HTMLElement, nodeId: string) => {
    const handles = handleChoices(graph, nodeId);
    const name = nodeName(nodes.find(({ id }) => id === nodeId));
    if (handles.length === 0) return say(`${name} has no handles to connect.`);
    const only = handles.length === 1 ? handles[0]?.handleId : undefined;
    closing.current = false;
    setActive(undefined);
    setWiring({ nodeId, handleId: only, at: positionBeside(node) });
    say(
      only === undefined
        ? `Connect ${name}. Choose one of ${handles.length} handles.`
        : targetsSaid(nodeId, only),
    );
  };

  function targetsSaid(nodeId: string, handleId: string): string {
    const targets = targetChoices(graph, nodeId, handleId);
    const allowed = targets.filter(({ refused }) => !refused).length;
    const name = nodeName(nodes.find(({ id }) => id === nodeId));
    return `Connect ${name}. ${allowed} of ${targets.length} handles can be chosen.`;
  }

  const close = (text: string) => {
    if (!wiring || closing.current) return;
    // Moving the focus back blurs the list, and the blur would close it a second time.
    closing.current = true;
    if (root.current?.contains(document.activeElement)) nodeElement(scope(), wiring.nodeId)?.focus();
    setWiring(undefined);
    setActive(undefined);
    say(text);
  };

  // The listener is added once; it calls the function of the last render.
  const onKey = useRef<(event: KeyboardEvent) => void>(undefined);
  useEffect(() => {
    onKey.current = (event) => {
      const { target } = event;
      if (
        keyName(event) !== "C" ||
        event.shiftKey ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.defaultPrevented
      )
        return;
      // Only if the node itself has the focus: in a field inside it, `c` is a letter.
      if (!(target instanceof HTMLElement) || !target.classList.contains("react-flow__node")) return;
      const { id } = target.dataset;
      if (id === undefined || !scope()?.contains(target)) return;
      event.preventDefault();
      // reactflow 11 would count the key as pressed for ever: the key is released in our list, where it does not listen.
      event.stopPropagation();
      start(target, id);
    };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey.current?.(event);
    document.addEventListener("keydown", listen, true);
    return () => document.removeEventListener("keydown", listen, true);
  }, []);

  // Written directly to the node's element, so that no card renders again.
  const ends = active?.connection;
  const otherId = ends && (ends.source === wiring?.nodeId ? ends.target : ends.source);
  useEffect(() => {
    const canvas = root.current?.closest(".react-flow") ?? root.current?.parentElement ?? null;
    const other = otherId === undefined ? undefined : nodeElement(canvas, otherId);
    if (other) other.dataset.totemTarget = "";
    return () => {
      delete other?.dataset.totemTarget;
    };
  }, [otherId]);

  const choose = (choice: WiringChoice) => {
    if (!wiring) return;
    const { connection, refused, handleId } = choice;
    if (refused) return say(refused);
    if (!connection) {
      setActive(undefined);
      setWiring({ ...wiring, handleId });
      return say(targetsSaid(wiring.nodeId, handleId));
    }
    const { source, target, sourceHandle, targetHandle } = connection;
    onConnect({ source, target, sourceHandle: sourceHandle ?? "", targetHandle: targetHandle ?? "" });
    close(`Connected: ${wireText(graph, connection)}.`);
  };

  const reach = (choice: WiringChoice | undefined) => {
    setActive(choice);
    if (!choice?.connection) return;
    say([wireText(graph, choice.connection), choice.refused].filter(Boolean).join(". "));
  };

  const back = () => {
    if (!wiring) return;
    const canGoBack = wiring.handleId !== undefined && handleChoices(graph, wiring.nodeId).length > 1;
    if (!canGoBack) return close("Nothing was connected.");
    setActive(undefined);
    setWiring({ ...wiring, handleId: undefined });
    say("Choose a handle.");
  };

  const name = wiring ? nodeName(nodes.find(({ id }) => id === wiring.nodeId)) : "";
  return (
    <div ref={root} className="nokey nopan nowheel nodrag">
      {wiring && (
        <div className="totem-wiring" style={wiring.at}>
          <WiringList
            key={wiring.handleId ?? ""}
            title={wiring.handleId === undefined ? `Connect ${name}` : `Connect ${name} with`}
            choices={
              wiring.handleId === undefined
                ? handleChoices(graph, wiring.nodeId)
                : targetChoices(graph, wiring.nodeId, wiring.handleId)
            }
            onActive={reach}
            onChoose={choose}
            onBack={back}
            onLeave={() => close("Nothing was connected.")}
          >
            {ends && (
              <p className="totem-wiring__preview">
                {wireText(graph, ends)}
                {!active?.refused && describeTarget && <span>{describeTarget(ends)}</span>}
              </p>
            )}
          </WiringList>
        </div>
      )}
      <div className="totem-sr-only" role="status" aria-live="polite" data-totem-wiring-says="">
        {said}
      </div>
    </div>
  );
}
