import { expect, it } from "vitest";
import { entryChoices } from "../../../../ui/studio/vault-entry/VaultEntryField.tsx";
import { grantTo, known, oneTime, otherId } from "../../../support/known-entries.ts";

const account = (username: string) => ({ username, state: "active" as const });
const entries = [
  known({ name: "github" }, [grantTo("agent_a"), grantTo("agent_b")]),
  known({ name: "bank" }, [grantTo("agent_a")]),
  known({ name: "mail", one_time: { ...oneTime, pending: true } }),
  known({ name: "shop", expires_at: "2026-05-01T00:00:00Z" }),
  known({ name: "shop", id: otherId }),
];
const choose = (...names: string[]) =>
  entryChoices({
    known: entries,
    agents: names.map(account),
    workflowId: "w1",
    now: Date.parse("2026-06-01T00:00:00Z"),
  }).map(({ label, choices }) => [label, choices.map(({ words }) => words)]);

it("puts first what the node's agents may read, all of them", () => {
  expect(choose("agent_a")).toEqual([
    ["agent_a may read", ["bank", "github"]],
    ["Others", ["mail (not confirmed)", "shop (2 entries)"]],
  ]);
  expect(choose("agent_a", "agent_b")).toEqual([
    ["All its agents may read", ["github"]],
    ["Others", ["bank", "mail (not confirmed)", "shop (2 entries)"]],
  ]);
});

it("tells nothing apart for a node that has no agent", () => {
  expect(choose()).toEqual([["", ["bank", "github", "mail (not confirmed)", "shop (2 entries)"]]]);
});
