import { describe, expect, it } from "vitest";
import {
  type AgentAccount,
  type KnownEntry,
  meaningOfGrant,
  standingOf,
  troubleOf,
} from "../../../../ui/studio/vault-entry/entry-standing.ts";
import { entry, grantTo, known, oneTime, otherId } from "../../../support/known-entries.ts";

const username = "agent_flow_a";
const now = Date.parse("2026-06-01T00:00:00Z");
const own = { kind: "agent_user", name: username };
const kindOf = (entries: readonly KnownEntry[], state: AgentAccount["state"] = "active") =>
  standingOf({ known: entries, agent: { username, state }, workflowId: "w1", now }).kind;

describe("how an agent stands to the entries of a name", () => {
  it("is what the server says of owners and grants, and nothing else", () => {
    expect(kindOf([known({ owner: own })])).toBe("readable");
    expect(kindOf([known({}, [grantTo(username)])])).toBe("readable");
    expect(kindOf([known()])).toBe("not_granted");
    expect(kindOf([known({}, [grantTo("agent_flow_b")])])).toBe("not_granted");
    expect(kindOf([known({}, [grantTo(username, { rights: ["data"] })])])).toBe("not_granted");
    expect(kindOf([{ entry: entry(), grants: undefined }])).toBe("hidden");
    expect(kindOf([])).toBe("missing");
  });

  it("takes a key of the same name for somebody else", () => {
    const key = grantTo(username, { grantee: { kind: "service_key", name: username } });
    expect(kindOf([known({}, [key])])).toBe("not_granted");
    expect(kindOf([known({ owner: { kind: "service_key", name: username } })])).toBe("not_granted");
  });

  it("picks the agent's own entry among several, and none of several granted ones", () => {
    const granted = known({ id: otherId }, [grantTo(username)]);
    expect(
      standingOf({
        known: [granted, known({ owner: own })],
        agent: { username, state: "active" },
        workflowId: "w1",
        now,
      }),
    ).toMatchObject({ kind: "readable", entry: { owner: own } });
    expect(kindOf([granted, known({}, [grantTo(username)])])).toBe("ambiguous");
    expect(kindOf([granted, known()])).toBe("readable");
  });

  it("offers only what has a second factor, and what was granted without codes before what was not at all", () => {
    const offered = (entries: readonly KnownEntry[]) => {
      const standing = standingOf({
        known: entries,
        agent: { username, state: "active" },
        workflowId: "w1",
        now,
      });
      return standing.kind === "not_granted" ? standing.entries.map((each) => each.entry.id) : standing.kind;
    };
    expect(offered([known(), known({ id: otherId })])).toEqual([entry().id, otherId]);
    expect(offered([known(), known({ id: otherId, one_time: null })])).toEqual([entry().id]);
    expect(offered([known(), known({ id: otherId }, [grantTo(username, { rights: ["data"] })])])).toEqual([
      otherId,
    ]);
    expect(offered([known({ one_time: null })])).toBe("no_codes");
  });

  it("offers nothing to an agent without an account, or whose name is another's", () => {
    expect(kindOf([known({}, [grantTo(username)])], "none")).toBe("no_account");
    expect(kindOf([known({ owner: own })], "clash")).toBe("clash");
    expect(
      standingOf({ known: [known()], agent: { username, state: undefined }, workflowId: "w1", now }).kind,
    ).toBe("unknown");
  });

  it("is not readable while it is expired, unconfirmed or limited to others", () => {
    const grants = [grantTo(username)];
    expect(kindOf([known({ expires_at: "2026-05-01T00:00:00Z" }, grants)])).toBe("expired");
    expect(kindOf([known({ expires_at: "2026-07-01T00:00:00Z" }, grants)])).toBe("readable");
    expect(kindOf([known({ one_time: { ...oneTime, pending: true } }, grants)])).toBe("pending");
    expect(kindOf([known({ owner: own, one_time: { ...oneTime, pending: true } })])).toBe("readable");
    for (const [policy, kind] of [
      [{ decision: "deny" }, "limited"],
      [{ workflows: ["w2"] }, "limited"],
      [{ workflows: ["w1"] }, "readable"],
      [{ max_reads_per_hour: 3 }, "readable"],
    ] as const)
      expect(kindOf([known({}, [grantTo(username, { policy: policy as never })])])).toBe(kind);
  });

  it("is said in sentences that name the agent and the entry", () => {
    expect(meaningOfGrant(username, "github")).toBe(
      "agent_flow_a will be able to read the codes of “github”; it can be taken away on the vault page.",
    );
    expect(troubleOf({ kind: "no_account" }, username, "github")).toContain("Run Create Agent User first");
    expect(troubleOf({ kind: "readable", entry: entry() }, username, "github")).toBeUndefined();
  });
});
