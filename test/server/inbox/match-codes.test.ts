import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, fits, matchCodes, type OpenWait } from "../../../server/inbox/match-codes.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000);
const now = at(100);

const wait = (id: string, change: Partial<OpenWait> = {}): OpenWait => ({
  id,
  caller: "agent_user:a",
  run_id: null,
  address: null,
  sender: null,
  service: null,
  for_run: null,
  type: "any",
  since: at(0),
  begun_at: at(0),
  ...change,
});
const message = (
  id: string,
  {
    subject = "Sign in",
    value = `code-${id}`,
    ...change
  }: Partial<Candidate> & { subject?: string; value?: string } = {},
): Candidate => ({
  id,
  address: "a@our.example",
  sender: "GitHub <noreply@github.com>",
  sender_host: "github.com",
  run_id: null,
  received_at: at(10),
  expires_at: at(700),
  kind: "code",
  taken_by: null,
  contested: false,
  doubted: false,
  head: () => ({ subject, found: [{ kind: change.kind === "link" ? "link" : "code", value }] }),
  ...change,
});
/** [wait, message] for every answer; the names of waits that need a person. */
const matched = (waits: OpenWait[], messages: Candidate[]) => {
  const { answers, ambiguous, contested } = matchCodes(waits, messages, now);
  return {
    answers: answers.map(({ waitId, messageId }) => [waitId, messageId]),
    ambiguous: ambiguous.map(({ waitId }) => waitId),
    contested,
  };
};
const nobody = { answers: [], ambiguous: [], contested: [] };

describe("who is given which code", () => {
  it("F5: the newest message that fits, and one that came before the wait does not", () => {
    const old = message("old", { received_at: at(-1) });
    expect(matched([wait("w")], [old])).toEqual(nobody);
    const two = [message("older"), message("newer", { received_at: at(20) })];
    expect(matched([wait("w")], two).answers).toEqual([["w", "newer"]]);
    expect(matched([wait("w", { since: at(-60) })], [old]).answers).toEqual([["w", "old"]]);
  });

  it("F5: nothing that has expired or was given already", () => {
    expect(matched([wait("w")], [message("m", { expires_at: at(100) })])).toEqual(nobody);
    expect(matched([wait("w")], [message("m", { taken_by: "agent_user:b" })])).toEqual(nobody);
  });

  it("an older message with a code, where a newer one has none", () => {
    const newer = message("newer", {
      kind: "none",
      received_at: at(20),
      head: () => ({ subject: "", found: [] }),
    });
    expect(matched([wait("w")], [message("older"), newer]).answers).toEqual([["w", "older"]]);
  });

  it("F4: no older code of a sender whose newer one the same caller was given", () => {
    const newer = message("newer", { received_at: at(20), taken_by: "agent_user:a" });
    expect(matched([wait("w")], [message("older"), newer])).toEqual(nobody);
    const others = { sender_host: "bank.example", sender: "bank@bank.example" };
    expect(matched([wait("w")], [message("other", others), newer]).answers).toEqual([["w", "other"]]);
  });

  it("a code by its sender, its host and all below it, and by a word in sender or subject", () => {
    const of = (change: Partial<OpenWait>, sent = message("m")) => fits(wait("w", change), sent);
    expect(of({ sender: "github.com" })).toBe(true);
    expect(of({ sender: "noreply@github.com" })).toBe(true);
    expect(of({ sender: "other@github.com" })).toBe(false);
    expect(of({ sender: "hub.com" })).toBe(false);
    const below = message("m", { sender: "a@mail.github.com", sender_host: "mail.github.com" });
    expect(of({ sender: "github.com" }, below)).toBe(true);
    const fake = message("m", {
      sender: "a@github.com.evil.example",
      sender_host: "github.com.evil.example",
    });
    expect(of({ sender: "github.com" }, fake)).toBe(false);
    // F10: it was looked into, and is not from there.
    expect(of({ sender: "github.com" }, message("m", { doubted: true }))).toBe(false);
    expect(of({ service: "GITHUB" })).toBe(true);
    expect(of({ service: "acme" })).toBe(false);
    expect(of({ service: "acme" }, message("m", { subject: "Your Acme code" }))).toBe(true);
  });

  it("a code or a link, as was asked for", () => {
    const link = message("link", { kind: "link" });
    expect(matched([wait("w", { type: "code" })], [link])).toEqual(nobody);
    expect(
      matched([wait("w", { type: "link" })], [link, message("code", { received_at: at(20) })]).answers,
    ).toEqual([["w", "link"]]);
  });

  it("one message to one of fifty who wait for the same, the first", () => {
    const many = Array.from({ length: 50 }, (_, index) => wait(`w${index}`, { begun_at: at(index) }));
    expect(matched(many.toReversed(), [message("m", { received_at: at(60) })])).toEqual({
      ...nobody,
      answers: [["w0", "m"]],
    });
  });
});

describe("two runs at one mailbox", () => {
  const a = wait("a", { run_id: "run-a" });
  const b = wait("b", { run_id: "run-b" });

  it("are given nothing without a person where a message may be either's", () => {
    expect(matched([a, b], [message("m"), message("n", { received_at: at(20) })])).toEqual({
      answers: [],
      ambiguous: ["a", "b"],
      contested: ["n"],
    });
  });

  it("are each given what only they wait for", () => {
    const bank = { sender_host: "bank.example", sender: "x@bank.example" };
    const waits = [
      { ...a, sender: "github.com" },
      { ...b, sender: "bank.example" },
    ];
    expect(matched(waits, [message("hub"), message("bank", bank)]).answers).toEqual([
      ["a", "hub"],
      ["b", "bank"],
    ]);
  });

  it("F4: are each given what was delivered for them, and never the other's", () => {
    const messages = [
      message("n", { run_id: "run-b", received_at: at(20) }),
      message("m", { run_id: "run-a" }),
    ];
    expect(matched([a, b], messages).answers).toEqual([
      ["a", "m"],
      ["b", "n"],
    ]);
    expect(matched([a], [message("n", { run_id: "run-b" })])).toEqual(nobody);
    expect(matched([wait("w")], [message("n", { run_id: "run-b" })])).toEqual(nobody);
    const asked = wait("w", { for_run: "run-b" });
    expect(matched([asked], [message("n", { run_id: "run-b" })]).answers).toEqual([["w", "n"]]);
    expect(matched([asked], [message("n")])).toEqual(nobody);
  });

  it("a message two waited for stays a person's to give, also when one of them waits no more", () => {
    expect(matched([a], [message("m", { contested: true })])).toMatchObject({
      answers: [],
      ambiguous: ["a"],
    });
  });
});

it("two plausible codes are nobody's without a person", () => {
  const found = [
    { kind: "code" as const, value: "111111" },
    { kind: "code" as const, value: "222222" },
  ];
  const unclear = message("m", { kind: "ambiguous", head: () => ({ subject: "", found }) });
  expect(matched([wait("w")], [unclear])).toMatchObject({ answers: [], ambiguous: ["w"] });
  expect(matched([wait("w", { type: "code" })], [unclear])).toMatchObject({ answers: [], ambiguous: ["w"] });
});

it("F4: whatever comes, no message is given twice, none to a wait it does not fit, none to either of two runs", () => {
  const few = fc.constantFrom("a", "b", "c");
  const maybe = fc.option(few, { nil: null });
  const seconds = fc.integer({ min: -30, max: 90 });
  const waits = fc.array(
    fc.record({
      run_id: maybe,
      address: fc.option(fc.constantFrom("x", "y"), { nil: null }),
      for_run: maybe,
      caller: few,
      since: seconds,
    }),
    { maxLength: 6 },
  );
  const messages = fc.array(
    fc.record({
      address: fc.constantFrom("x", "y"),
      run_id: maybe,
      received_at: seconds,
      kind: fc.constantFrom<Candidate["kind"]>("code", "link", "none", "ambiguous"),
      taken_by: maybe,
      contested: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(waits, messages, (someWaits, someMessages) => {
      const open = someWaits.map((some, index) =>
        wait(`w${index}`, { ...some, caller: `agent_user:${some.caller}`, since: at(some.since) }),
      );
      const sent = someMessages.map((some, index) =>
        message(`m${index}`, {
          ...some,
          received_at: at(some.received_at),
          taken_by: some.taken_by === null ? null : `agent_user:${some.taken_by}`,
        }),
      );
      const { answers } = matchCodes(open, sent, now);
      expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(answers.length);
      expect(new Set(answers.map(({ waitId }) => waitId)).size).toBe(answers.length);
      for (const { waitId, messageId } of answers) {
        const [one, given] = [open.find(({ id }) => id === waitId), sent.find(({ id }) => id === messageId)];
        if (!one || !given) throw new Error("An answer to nobody.");
        expect([given.taken_by, given.contested, fits(one, given)]).toEqual([null, false, true]);
        expect(["code", "link"]).toContain(given.kind);
        const others = open.filter(
          (other) => fits(other, given) && (other.run_id ?? other.caller) !== (one.run_id ?? one.caller),
        );
        expect(others).toEqual([]);
      }
    }),
    { numRuns: 2_000 },
  );
});
