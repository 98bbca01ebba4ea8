import { describe, expect, it } from "vitest";
import { type ShownCodeQuestion, vaultCode } from "../../../../ui/studio/vault-entry/vault-codes.ts";
import { entry, grantTo, known, oneTime, otherId } from "../../../support/known-entries.ts";

const agent = { username: "agent_flow_a", state: "active" } as const;
const shown = (change: Partial<ShownCodeQuestion> = {}) =>
  vaultCode({
    name: "github",
    known: [known()],
    agents: [agent],
    workflowId: "w1",
    now: Date.parse("2026-06-01T00:00:00Z"),
    offsetMs: 250,
    ...change,
  });

describe("what the card of a vault code shows", () => {
  it("is the window of its entry, with the entry's own period and digits", () => {
    expect(shown({ known: [known({ one_time: { ...oneTime, period: 90, digits: 8 } })] })).toEqual({
      window: { period: 90, digits: 8, offsetMs: 250, username: "github", key: entry().id },
      entryId: entry().id,
    });
  });

  it.each<[string, Partial<ShownCodeQuestion>]>([
    ["No entry chosen", { name: "" }],
    ["Looking for the entry", { known: { why: "Looking for the entry" } }],
    ["No such entry", { known: [] }],
    ["It has no second factor", { known: [known({ one_time: null })] }],
    ["The entry has expired", { known: [known({ expires_at: "2026-05-01T00:00:00Z" })] }],
    ["Not confirmed yet", { known: [known({ one_time: { ...oneTime, pending: true } })] }],
    ["You may not see this code", { known: [known({ rights: ["data"] })] }],
    [
      "Counter-based: read it in a run",
      { known: [known({ one_time: { ...oneTime, type: "hotp", period: null } })] },
    ],
    ["Several entries have this name", { known: [known(), known({ id: otherId })] }],
  ])("is the reason, where there is none: %s", (why, change) => {
    expect(shown(change)).toEqual({ why });
  });

  it("is the code a run would get, where there are several of the name", () => {
    const granted = known({ id: otherId }, [grantTo(agent.username)]);
    expect(shown({ known: [known(), granted] })).toMatchObject({ entryId: otherId });
    const own = known({ owner: { kind: "agent_user", name: agent.username } });
    expect(shown({ known: [granted, own] })).toMatchObject({ entryId: entry().id });
    const second = { username: "agent_flow_b", state: "active" } as const;
    expect(shown({ known: [granted, own], agents: [agent] })).toMatchObject({ entryId: entry().id });
    const both = known({ id: otherId }, [grantTo(agent.username), grantTo(second.username)]);
    expect(shown({ known: [both, own], agents: [agent, second] })).toEqual({
      why: "Shared by several agents",
    });
    expect(shown({ known: [both], agents: [agent, second] })).toMatchObject({ entryId: otherId });
  });
});
