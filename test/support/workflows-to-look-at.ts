import { catalogue } from "../../plugin/catalogue.ts";
import type { ScriptStep } from "../../plugin/nodes/ai-model.ts";
import { flowEdge, modelEdge, node, toolEdge } from "./build-workflow.ts";

const at = (x: number, y: number, ...[id, type, config]: Parameters<typeof node>) => ({
  ...node(id, type, config),
  position: { x, y },
});

const long = "A name of many words that goes on for longer than any card is wide";
const steps: ScriptStep[] = [
  { tool: "create_agent_user" },
  { tool: "get_totp_code" },
  { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
  { say: "Done." },
];
const spine = [
  at(0, 0, "chat", "trigger_chat"),
  { ...at(320, 0, "agent", "agent"), data: { config: {}, label: long } },
];
const line = [flowEdge("chat", "agent"), modelEdge("model")];

/** An agent that can create its account, read its code and be verified. */
export const wholeChain = {
  nodes: [
    ...spine,
    at(0, 260, "model", "ai_model", { steps: steps as never }),
    at(260, 260, "create", "create_agent_user"),
    at(520, 260, "code", "get_totp_code"),
    at(780, 260, "verify", "verify_totp_code"),
    at(700, 0, "note", "sticky_note", { text: "A note." }),
  ],
  edges: [...line, ...["create", "code", "verify"].map((id) => toolEdge(id))],
};

const known = new Set(wholeChain.nodes.map(({ type }) => type));
const others = catalogue.filter(({ type }) => !known.has(type));

/** The same with one of every other node, and every tool wired. */
export const everyPart = {
  nodes: [...wholeChain.nodes, ...others.map(({ type }, place) => at(260 * place, 420, type, type))],
  edges: [
    ...wholeChain.edges,
    ...others.filter(({ kind }) => kind === "tool").map(({ type }) => toolEdge(type)),
  ],
};

/** One problem, and a run that fails after the problem is fixed. */
export const broken = {
  nodes: [
    ...spine,
    at(0, 260, "model", "ai_model", { steps: [{ say: "{{nothing.here}}" }] }),
    at(520, 260, "code", "get_totp_code"),
  ],
  edges: line,
};
