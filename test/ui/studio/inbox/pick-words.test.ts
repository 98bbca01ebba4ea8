import { describe, expect, it } from "vitest";
import type { CodeWaitBody, OpenedWaitBody } from "../../../../plugin/api/inbox.ts";
import { askingWords, runWords } from "../../../../ui/studio/inbox/fitting-waits.ts";
import { contextParts, isOneCode, titleOf } from "../../../../ui/studio/inbox/pick/pick-words.ts";
import { timesWords, uniteReasons } from "../../../../ui/studio/inbox/ReadingView.tsx";

const candidate = (value: string) => ({ message_id: "m1", value }) as OpenedWaitBody["candidates"][number];
const wait = (id: string, more: Partial<OpenedWaitBody> = {}) =>
  ({
    id,
    agent: "agent_a",
    address: "a@example.com",
    state: "waiting",
    ambiguous: true,
    ...more,
  }) as OpenedWaitBody;

describe("the words around a code", () => {
  it("are cut where it stands, also where mail writes it with spaces", () => {
    expect(contextParts("Your code is 482913.", "482913")).toEqual({
      before: "Your code is ",
      itself: "482913",
      after: ".",
    });
    expect(contextParts("code:\n 482-913 now", "482913")).toMatchObject({ itself: "482-913" });
    expect(contextParts("Sign in here", "https://a.example/?b=(c")).toMatchObject({ before: "Sign in here" });
    expect(contextParts("", "482913")).toBeUndefined();
    expect(contextParts("482913", "482913")).toBeUndefined();
  });
});

describe("what a person is asked", () => {
  it("is whose a code is, where there is one and more than one wait at the same place", () => {
    const one = wait("w1", { candidates: [candidate("482913"), candidate("482913")] });
    const other: CodeWaitBody = wait("w2");
    expect(isOneCode(one, [one, other])).toBe(true);
    expect(isOneCode(one, [one])).toBe(false);
    expect(isOneCode(one, [wait("w2", { agent: "agent_b" })])).toBe(false);
    const two = wait("w1", { candidates: [candidate("482913"), candidate("771204")] });
    expect(isOneCode(two, [two, other])).toBe(false);
    expect(titleOf(one, true)).toBe("Whose code is it?");
    expect(titleOf(two, false)).toBe("Which code is it?");
    expect(titleOf({ candidates: [] }, false)).toBe("Give the code");
  });

  it("names the workflow, the agent and the run", () => {
    const run_id = "0b1c2d3e-0000-4000-8000-000000000000";
    expect(runWords({ workflow_slug: "sign-in", run_id })).toBe(
      "In workflow sign-in, run 0b1c2d3e, began to wait",
    );
    expect(runWords({ workflow_slug: null, run_id: null })).toBe("Began to wait");
    expect(askingWords({ agent: "agent_a", address: null, sender: null, workflow_slug: "sign-in" })).toBe(
      "A run waits, and only a person can say which code is meant: sign-in, agent_a.",
    );
  });
});

describe("reasons", () => {
  it("that are equal are one, counted, and shown where one of them is", () => {
    const { united, unitedIndex } = uniteReasons([
      { rule: "word", text: "A word beside it." },
      { rule: "shape", text: "Six digits.", start: 1, end: 7 },
      { rule: "word", text: "A word beside it.", start: 9, end: 12 },
    ]);
    expect(unitedIndex).toEqual([0, 1, 0]);
    expect(united.map(({ reason, times }) => [reason.start, timesWords(reason.text, times)])).toEqual([
      [9, "A word beside it. ×2"],
      [1, "Six digits."],
    ]);
  });
});
