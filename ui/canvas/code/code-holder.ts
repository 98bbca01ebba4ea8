import type { CodeSource, ReadCode } from "./code-source.tsx";

/** One node's code, for as long as its window lasts and in memory only. */
export interface CodeHolder {
  /** Asks the server once in a window. Until the window ends, every caller gets that answer. */
  readonly ask: (windowEndsAt: number) => Promise<ReadCode>;
  readonly forget: () => void;
}

/** Some windows last five minutes, and the reason of a refusal may be gone long before. */
const refusalMs = 30_000;

interface Asked {
  readonly answer: Promise<ReadCode>;
  until: number;
}

/** @example const holder = createCodeHolder(() => source.read("code_1"), () => Date.now()); */
export function createCodeHolder(read: () => Promise<ReadCode>, now: () => number): CodeHolder {
  let asked: Asked | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const forget = () => {
    clearTimeout(timer);
    asked = undefined;
  };
  const keepUntil = (entry: Asked, until: number) => {
    if (asked !== entry) return;
    entry.until = until;
    clearTimeout(timer);
    timer = setTimeout(() => asked === entry && forget(), Math.max(0, until - now()));
  };
  return {
    forget,
    ask: (windowEndsAt) => {
      if (asked && now() < asked.until) return asked.answer;
      // While the answer is pending there is no second request, even if the window ends.
      const entry: Asked = { answer: read(), until: Infinity };
      asked = entry;
      entry.answer.then(
        ({ endsAt }) => keepUntil(entry, endsAt),
        // A refusal is stored like an answer, for a short time: the same window would give the same refusal.
        () => keepUntil(entry, Math.min(windowEndsAt, now() + refusalMs)),
      );
      return entry.answer;
    },
  };
}

const holders = new WeakMap<CodeSource, Map<string, CodeHolder>>();

/** Stored per source and not in the card: a card that was unmounted for a moment does not ask again. */
export function holderOf(source: CodeSource, nodeId: string, codeKey: string): CodeHolder {
  const known = holders.get(source) ?? new Map<string, CodeHolder>();
  holders.set(source, known);
  // Wired to another agent, the node gives another code.
  const key = JSON.stringify([nodeId, codeKey]);
  const holder =
    known.get(key) ??
    createCodeHolder(
      () => source.read(nodeId),
      () => Date.now(),
    );
  known.set(key, holder);
  return holder;
}
