import { describe, expect, it } from "vitest";
import type { KnownEntry } from "../../../../ui/studio/vault-entry/entry-standing.ts";
import { judgeWires } from "../../../../ui/studio/vault-entry/vault-nodes.ts";
import { grantTo, known } from "../../../support/known-entries.ts";

const node = (id: string, entry: string, ...agentIds: string[]) => ({ id, entry, agentIds });
const judge = (nodes: ReturnType<typeof node>[], entries: readonly KnownEntry[] | undefined) =>
  judgeWires(nodes, {
    knownOf: (name) => (name === "" ? undefined : entries),
    agentOf: (agentId) => ({ username: `agent_flow_${agentId}`, state: "active" }),
    workflowId: "w1",
    now: Date.parse("2026-06-01T00:00:00Z"),
  });

describe("the wires of vault nodes", () => {
  it("tell which agents lack a grant, and the first problem of each node", () => {
    const { problems, troubles, judged } = judge(
      [node("vault", "github", "a", "b", "c")],
      [known({}, [grantTo("agent_flow_a")])],
    );
    expect(troubles.map(({ wire }) => wire)).toEqual(["vault b", "vault c"]);
    expect(problems.get("vault")).toBe(troubles[0]?.words);
    expect([...judged]).toEqual(["vault a", "vault b", "vault c"]);
  });

  it("are not judged before their entry is read, and are without an entry", () => {
    expect([...judge([node("vault", "github", "a")], undefined).judged]).toEqual([]);
    expect([...judge([node("vault", "", "a")], undefined).judged]).toEqual(["vault a"]);
  });

  it("have a problem where an entry is missing, with an agent and without", () => {
    expect([...judge([node("alone", "gone"), node("wired", "gone", "a")], []).problems.keys()]).toEqual([
      "alone",
      "wired",
    ]);
  });
});
