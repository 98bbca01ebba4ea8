import { describe, expect, it } from "vitest";
import { tileOf } from "../../../../ui/studio/vault/EntryTile.tsx";
import { isFound, issuerAndAccount, principalWords } from "../../../../ui/studio/vault/entry-words.ts";
import { shownEntry } from "../../../support/vault-entries.ts";

describe("a search", () => {
  const entry = shownEntry({ name: "Deploys", owner: { kind: "agent_user", name: "agent_flow_a" } });

  it("finds an entry by any of what its row shows, in any order and case", () => {
    for (const search of ["deploys", "OCTOCAT git", "one-time", "agent_flow"])
      expect(isFound(entry, search), search).toBe(true);
  });

  it("asks for all of its words", () => {
    expect(isFound(entry, "deploys gitlab")).toBe(false);
  });
});

describe("words", () => {
  it("name service and account as far as they are known", () => {
    const { one_time } = shownEntry();
    expect(issuerAndAccount(shownEntry())).toBe("GitHub · octocat");
    expect(issuerAndAccount(shownEntry({ one_time: one_time && { ...one_time, issuer: null } }))).toBe(
      "octocat",
    );
    expect(issuerAndAccount(shownEntry({ one_time: null }))).toBe("");
  });

  it("tell an agent from a key of the same name", () => {
    expect(principalWords({ kind: "agent_user", name: "ci" })).toBe("ci (agent)");
    expect(principalWords({ kind: "service_key", name: "ci" })).toBe("ci (key)");
  });
});

describe("a tile", () => {
  it("is the same for the same service, however it is written", () => {
    expect(tileOf("GitHub")).toEqual(tileOf(" github"));
    expect(tileOf("GitHub").letter).toBe("G");
  });

  it("has a letter of any script, and a sign where there is none", () => {
    expect(tileOf("Яндекс").letter).toBe("Я");
    expect(tileOf("— 1Password").letter).toBe("1");
    expect(tileOf("***").letter).toBe("?");
  });
});
