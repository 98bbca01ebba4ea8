import { describe, expect, it } from "vitest";
import type { Identity } from "../../../../plugin/api/identities.ts";
import { timeSince } from "../../../../ui/canvas/EdgeIdentity.tsx";
import { ownerLetter } from "../../../../ui/canvas/identity-states.tsx";
import { cardIdentities, litBy } from "../../../../ui/studio/identity/card-identities.ts";
import { node, toolEdge } from "../../../support/build-workflow.ts";

const graph = {
  nodes: [
    node("a", "agent"),
    node("b", "agent"),
    node("code", "get_totp_code"),
    node("other", "get_totp_code"),
    node("who", "whoami"),
  ],
  edges: [toolEdge("code", "a"), toolEdge("other", "b"), toolEdge("who", "a")],
};
const reader = (
  name: string,
  agent: string | null,
  reason: "own_code" | "grant" | "scope",
  slug = "flow",
) => ({
  kind: agent === null ? ("service_key" as const) : ("agent_user" as const),
  name,
  workflow_slug: agent === null ? null : slug,
  agent_node_id: agent,
  reason,
  because: "Because.",
});
const identity = (readers: Identity["readers"]): Identity => ({
  agent_node_id: "a",
  username: "agent_flow_a",
  state: "active",
  digits: 6,
  period: 30,
  last_used_at: null,
  readers,
});

describe("identities on the canvas", () => {
  it("gives every agent a mark of its own, known to the server or not", () => {
    const cards = cardIdentities(graph, "flow", [
      identity([reader("agent_flow_a", "a", "own_code"), reader("ci", null, "scope")]),
    ]);
    expect(cards.get("a")).toMatchObject({
      username: "agent_flow_a",
      standing: "Active",
      mark: 0,
      otherReaders: ["ci (key)"],
    });
    expect(cards.get("b")).toMatchObject({
      username: "agent_flow_b",
      standing: "Not created yet",
      mark: 1,
      otherReaders: [],
    });
    expect([0, 25, 26].map(ownerLetter)).toEqual(["A", "Z", "27"]);
  });

  it("lights exactly the agents the server names, and the tools by which they can", () => {
    const own = reader("agent_flow_a", "a", "own_code");
    expect([...litBy(graph, "flow", identity([own])).nodes].sort()).toEqual(["a", "code"]);
    const granted = litBy(graph, "flow", identity([own, reader("agent_flow_b", "b", "grant")]));
    expect([...granted.nodes].sort()).toEqual(["a", "b", "code", "other"]);
    expect([...granted.edges].sort()).toEqual(["code-a", "other-b"]);
    const elsewhere = litBy(graph, "flow", identity([own, reader("agent_else_b", "b", "grant", "else")]));
    expect([...elsewhere.nodes].sort()).toEqual(["a", "code"]);
    expect([...litBy(graph, "flow", identity([])).nodes]).toEqual(["a"]);
  });

  it("says how long ago in whole units", () => {
    const now = Date.parse("2026-01-01T12:00:00Z");
    expect(timeSince("2026-01-01T12:00:00Z", now)).toBe("Just now");
    expect(timeSince("2026-01-01T11:59:59Z", now)).toBe("1 second ago");
    expect(timeSince("2026-01-01T10:00:00Z", now)).toBe("2 hours ago");
    expect(timeSince("2025-12-30T12:00:00Z", now)).toBe("2 days ago");
  });
});
