import { describe, expect, it } from "vitest";
import { marksOf } from "../../../../ui/studio/vault/entry-words.ts";
import { shownEntry } from "../../../support/vault-entries.ts";

const now = Date.parse("2026-11-20T00:00:00Z");
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();
const words = (change: Parameters<typeof shownEntry>[0]) =>
  marksOf(shownEntry(change), now).map((mark) => mark.words);
const { one_time } = shownEntry();

describe("the marks of an entry", () => {
  it("are none while all is well", () => {
    expect(words({ last_used_at: inDays(-1), expires_at: inDays(30) })).toEqual([]);
  });

  it("say that it expires within two weeks, and that it has", () => {
    expect(words({ expires_at: inDays(14) })).toEqual(["Expires soon"]);
    expect(words({ expires_at: inDays(0) })).toEqual(["Expired"]);
    expect(words({ expires_at: inDays(-1) })).toEqual(["Expired"]);
  });

  it("say that it waits for its first code, and that its secret is short", () => {
    expect(words({ one_time: one_time && { ...one_time, pending: true, weak_secret: true } })).toEqual([
      "Pending",
      "Weak",
    ]);
  });

  it("call it stale after 90 days without use, counted from the day it was added if it never was", () => {
    expect(words({ last_used_at: inDays(-90) })).toEqual([]);
    expect(words({ last_used_at: inDays(-91) })).toEqual(["Stale"]);
    expect(words({ created_at: inDays(-91) })).toEqual(["Stale"]);
    expect(words({ created_at: inDays(-200), last_used_at: inDays(-2) })).toEqual([]);
  });
});
