import type { Flowise } from "./flowise-server.ts";

interface Input {
  readonly name: string;
  readonly type: string;
  readonly default?: unknown;
  readonly list?: boolean;
}

interface Component {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly category: string;
  readonly baseClasses: readonly string[];
  readonly inputs?: readonly Input[];
  readonly credential?: Input;
}

export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly position: { readonly x: number; readonly y: number };
  readonly data: Record<string, unknown> & {
    readonly id: string;
    readonly inputAnchors: readonly (Input & { readonly id: string })[];
    readonly outputAnchors: readonly { readonly id: string }[];
    readonly inputs: Record<string, unknown>;
  };
}

/** Settings are drawn in the node; everything else is a place to connect to. */
const settingTypes =
  /^(async(Multi)?Options|(multi)?[oO]ptions|array|datagrid|string|number|boolean|password|json|code|date|file|folder|tabs|conditionFunction|credential|.*Picker)$/;

/** A node as Flowise's editor makes it when it is dragged onto the canvas. */
export async function newNode(
  flowise: Flowise,
  name: string,
  id: string,
  inputs: Readonly<Record<string, unknown>> = {},
  position = { x: 0, y: 0 },
): Promise<FlowNode> {
  const component: Component = await flowise.api("GET", `/nodes/${name}`);
  const rows = [...(component.credential ? [component.credential] : []), ...(component.inputs ?? [])].map(
    (input) => ({ ...input, id: `${id}-input-${input.name}-${input.type}`, display: true }),
  );
  const isStep = component.category === "Agent Flows";
  const output = isStep
    ? { id: `${id}-output-${name}`, label: component.label, name }
    : {
        id: `${id}-output-${name}-${component.baseClasses.join("|")}`,
        name,
        label: component.type,
        type: component.baseClasses.join(" | "),
      };
  const { credential, ...values } = inputs;
  return {
    id,
    type: isStep ? "agentFlow" : "customNode",
    position,
    data: {
      ...component,
      filePath: undefined,
      icon: undefined,
      id,
      credential: credential ?? "",
      inputParams: rows.filter(({ type }) => settingTypes.test(type)),
      inputAnchors: rows.filter(({ type }) => !settingTypes.test(type)),
      inputs: {
        ...Object.fromEntries(rows.map((input) => [input.name, input.default ?? ""])),
        ...values,
      },
      outputAnchors: [output],
      outputs: {},
      selected: false,
    },
  };
}

/** Draws an edge into a named place of a chatflow's node, and notes it there as Flowise's editor does. */
export function connect(source: FlowNode, target: FlowNode, place: string): object {
  const anchor = target.data.inputAnchors.find(({ name }) => name === place);
  const from = source.data.outputAnchors[0];
  if (!anchor || !from) throw new Error(`Flowise has no place ${place} at ${target.id}.`);
  const reference = `{{${source.id}.data.instance}}`;
  const before = target.data.inputs[place];
  target.data.inputs[place] = anchor.list ? [...(Array.isArray(before) ? before : []), reference] : reference;
  return {
    id: `${source.id}-${from.id}-${target.id}-${anchor.id}`,
    source: source.id,
    sourceHandle: from.id,
    target: target.id,
    targetHandle: anchor.id,
    type: "buttonedge",
  };
}

/** One step after the other, in an Agentflow. */
export function follow(source: FlowNode, target: FlowNode): object {
  const from = source.data.outputAnchors[0]?.id ?? "";
  return {
    id: `${source.id}-${from}-${target.id}-${target.id}`,
    source: source.id,
    sourceHandle: from,
    target: target.id,
    targetHandle: target.id,
    type: "agentFlow",
    data: { sourceColor: "#7EE787", targetColor: "#4DD0E1", isHumanInput: false },
  };
}

export async function saveFlow(
  flowise: Flowise,
  name: string,
  type: "CHATFLOW" | "AGENTFLOW",
  graph: { readonly nodes: readonly FlowNode[]; readonly edges: readonly object[] },
): Promise<string> {
  const body = { name, type, isPublic: true, flowData: JSON.stringify(graph) };
  return (await flowise.api("POST", "/chatflows", body)).id;
}
