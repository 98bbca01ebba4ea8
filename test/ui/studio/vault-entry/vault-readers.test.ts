import { describe, expect, it } from "vitest";
import { litByEntry, vaultReaders } from "../../../../ui/studio/vault-entry/vault-readers.ts";
import { node, toolEdge } from "../../../support/build-workflow.ts";
import { grantTo, known, oneTime } from "../../../support/known-entries.ts";

const agents = new Map([
  ["a", { username: "agent_flow_a", state: "active" }],
  ["b", { username: "agent_flow_b", state: "disabled" }],
  ["c", { username: "agent_flow_c", state: "clash" }],
] as const);
const now = Date.parse("2026-06-01T00:00:00Z");
const namesOf = (...args: Parameters<typeof known>) =>
  vaultReaders({ known: known(...args), agents, now }).map(({ name }) => name);

describe("who can read the codes of an entry", () => {
  it("are its owner, people by name with their roles, and those who were granted codes", () => {
    const readers = vaultReaders({
      known: known({ owner: { kind: "agent_user", name: "agent_flow_a" } }, [
        grantTo("ci", { grantee: { kind: "service_key", name: "ci" } }),
        grantTo("agent_else_x", { policy: { max_reads_per_hour: 3, decision: "approve" } }),
        grantTo("agent_else_y", { rights: ["data"] }),
      ]),
      agents,
      now,
    });
    expect(readers.map(({ name, agentNodeId }) => [name, agentNodeId])).toEqual([
      ["agent_flow_a (agent)", "a"],
      ["Ada (owner)", undefined],
      ["ci (key)", undefined],
      ["agent_else_x (agent)", undefined],
    ]);
    expect(readers[2]?.because).toMatch(/^Ada granted it on .+\.$/);
    expect(readers[3]?.because).toContain("at most 3 times an hour, when a person says yes to each read.");
  });

  it("are not those a policy denies, whose account is off, or who wait for a confirmation", () => {
    expect(namesOf({}, [grantTo("agent_flow_a", { policy: { decision: "deny" } })])).toEqual(["Ada (owner)"]);
    expect(namesOf({}, [grantTo("agent_flow_b")])).toEqual(["Ada (owner)"]);
    const pending = { one_time: { ...oneTime, pending: true } };
    expect(namesOf(pending, [grantTo("agent_flow_a")])).toEqual(["Ada (owner)"]);
    expect(namesOf(pending, [grantTo("agent_flow_a", { rights: ["codes", "manage"] })])).toHaveLength(2);
    expect(namesOf({ one_time: null })).toEqual([]);
    expect(namesOf({ expires_at: "2026-05-01T00:00:00Z" })).toEqual([]);
  });

  it("takes an account for an agent's here only where it is that agent's", () => {
    const [, reader] = vaultReaders({ known: known({}, [grantTo("agent_flow_c")]), agents, now });
    expect(reader).toMatchObject({ name: "agent_flow_c (agent)", agentNodeId: undefined });
  });

  it("lights the readers here and the tools and wires by which they can", () => {
    const graph = {
      nodes: [
        ...["a", "b"].map((id) => node(id, "agent")),
        node("asked", "vault_totp", { entry: "github" }),
        node("any", "vault_totp"),
        node("other", "vault_totp", { entry: "bank" }),
      ],
      edges: [toolEdge("asked", "a"), toolEdge("asked", "b"), toolEdge("any", "a"), toolEdge("other", "a")],
    };
    const readers = [{ key: "a", name: "agent_flow_a (agent)", because: "", agentNodeId: "a" }];
    const lit = litByEntry(graph, { nodeId: "asked", entry: "github" }, readers);
    expect([...lit.nodes].sort()).toEqual(["a", "any", "asked"]);
    expect([...lit.edges].sort()).toEqual(["any-a", "asked-a"]);
  });
});
