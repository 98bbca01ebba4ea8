import { expect, it } from "vitest";
import { nodeCards } from "../../../../plugin/node-cards.ts";
import { fittingCards } from "../../../../ui/studio/quick-add/QuickAdd.tsx";
import { agentWorkflow, node } from "../../../support/build-workflow.ts";

const graph = agentWorkflow();
const lone = { nodes: [node("agent", "agent"), node("code", "get_totp_code")], edges: [] };
const types = (...asked: Parameters<typeof fittingCards>) => fittingCards(...asked).map(({ type }) => type);

it("offers only what fits the handle", () => {
  expect(types(lone, { from: { nodeId: "agent", handleId: "model" } })).toEqual(["ai_model"]);
  expect(types(lone, { from: { nodeId: "agent", handleId: "tools" } })).toEqual(
    nodeCards.filter(({ kind }) => kind === "tool").map(({ type }) => type),
  );
  expect(types(lone, { from: { nodeId: "agent", handleId: "in" } })).toEqual([
    "trigger_chat",
    "trigger_manual",
    "agent",
  ]);
  expect(types(lone, { from: { nodeId: "code", handleId: "sub-source" } })).toEqual(["agent"]);
});

it("offers nothing where a handle takes no more, or is not there", () => {
  expect(types(graph, { from: { nodeId: "agent", handleId: "model" } })).toEqual([]);
  expect(types(graph, { from: { nodeId: "gone", handleId: "model" } })).toEqual([]);
});

it("offers on a flow edge what flow passes through, and anywhere else everything", () => {
  expect(types(graph, { edgeId: "chat-agent" })).toEqual(["agent"]);
  expect(types(graph, {})).toHaveLength(nodeCards.length);
});
