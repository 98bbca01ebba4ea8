import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../../ui/studio/api/request.ts";
import {
  createSaveLoop,
  type SavedDocument,
  type SaveState,
} from "../../../../ui/studio/editor/save-loop.ts";
import { agentWorkflow } from "../../../support/build-workflow.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const stale = () =>
  new ApiError({ status: 409, code: "WORKFLOW_VERSION_STALE", message: "This workflow was saved." });
const gone = () => new ApiError({ status: 0, code: "UNREACHABLE", message: "The server cannot be reached." });

/** A server that keeps one document, and a person who edits it. */
function setUp() {
  const first: SavedDocument = { name: "Flow", graph: agentWorkflow() };
  const there = { ...first, version: 1 };
  const states: SaveState["kind"][] = [];
  const writes: string[] = [];
  let current = first;
  let answer: () => Promise<void> = async () => {};
  const loop = createSaveLoop({
    version: 1,
    saved: first,
    current: () => current,
    write: async (document, version) => {
      writes.push(document.name);
      if (version !== there.version) throw stale();
      await answer();
      Object.assign(there, document, { version: version + 1 });
      return there.version;
    },
    read: async () => structuredClone(there),
    onState: ({ kind }) => void (states.at(-1) === kind || states.push(kind)),
  });
  return {
    loop,
    there,
    states,
    writes,
    edit: (name: string, delayMs = 0) => {
      current = { ...current, name };
      loop.changed(delayMs);
    },
    answerWith: (next: () => Promise<void>) => {
      answer = next;
    },
  };
}

describe("saving", () => {
  it("saves at once and says so", async () => {
    const { edit, there, states } = setUp();
    edit("One");
    await vi.runAllTimersAsync();
    expect(there).toMatchObject({ name: "One", version: 2 });
    expect(states).toEqual(["unsaved", "saving", "saved"]);
  });

  it("puts what changes during a save into one next save", async () => {
    const { edit, answerWith, writes, there } = setUp();
    let finish = () => {};
    answerWith(() => new Promise((resolve) => (finish = resolve)));
    edit("One");
    await vi.advanceTimersByTimeAsync(0);
    edit("Two");
    edit("Three");
    edit("Four");
    answerWith(async () => {});
    finish();
    await vi.runAllTimersAsync();
    expect(writes).toEqual(["One", "Four"]);
    expect(there).toMatchObject({ name: "Four", version: 3 });
  });

  it("waits for a pause in typing", async () => {
    const { edit, writes } = setUp();
    edit("F", 400);
    await vi.advanceTimersByTimeAsync(300);
    edit("Fl", 400);
    await vi.advanceTimersByTimeAsync(300);
    expect(writes).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(writes).toEqual(["Fl"]);
  });

  it("does nothing when an undo has led back to what is saved", async () => {
    const { loop, writes } = setUp();
    loop.changed();
    await vi.runAllTimersAsync();
    expect(writes).toEqual([]);
  });

  it("stops when someone else has saved, and goes on only as the person says", async () => {
    const { loop, edit, there, states } = setUp();
    Object.assign(there, { name: "Theirs", version: 5 });
    edit("Mine");
    await vi.runAllTimersAsync();
    expect(states.at(-1)).toBe("stale");
    edit("Mine again");
    await vi.runAllTimersAsync();
    expect(there.name).toBe("Theirs");
    expect(await loop.flush()).toBe(false);

    expect(await loop.overwrite()).toBe(true);
    expect(there).toMatchObject({ name: "Mine again", version: 6 });
    expect(states.at(-1)).toBe("saved");
  });

  it("is not alarmed by its own save whose answer was lost", async () => {
    const { edit, answerWith, there, states } = setUp();
    answerWith(async () => {
      // It arrived and was kept; only the answer did not come back.
      Object.assign(there, { name: "One", version: 2 });
      answerWith(async () => {});
      throw gone();
    });
    edit("One");
    await vi.runAllTimersAsync();
    expect(states).toEqual(["unsaved", "saving", "offline", "saving", "saved"]);
    expect(there).toMatchObject({ name: "One", version: 2 });
    edit("Two");
    await vi.runAllTimersAsync();
    expect(there).toMatchObject({ name: "Two", version: 3 });
  });

  it("tries again, less and less often, until the server is back", async () => {
    const { edit, answerWith, writes, states } = setUp();
    answerWith(() => Promise.reject(gone()));
    edit("One");
    await vi.advanceTimersByTimeAsync(8_000);
    expect(writes).toHaveLength(4);
    expect(states.at(-1)).toBe("offline");
    answerWith(async () => {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states.at(-1)).toBe("saved");
  });

  it("does not repeat what the server refuses, and tries the next change", async () => {
    const { edit, answerWith, writes, states } = setUp();
    answerWith(() =>
      Promise.reject(
        new ApiError({
          status: 400,
          code: "INPUT_INVALID",
          message: "Secrets are not stored in a workflow.",
        }),
      ),
    );
    edit("One");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(writes).toEqual(["One"]);
    expect(states.at(-1)).toBe("refused");
    answerWith(async () => {});
    edit("Two");
    await vi.runAllTimersAsync();
    expect(states.at(-1)).toBe("saved");
  });
});
