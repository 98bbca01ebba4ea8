import type { CodeSource, ReadCode } from "./code-source.tsx";

/** One node's code, for as long as its window lasts and in memory only. */
export interface CodeHolder {
  /** Asks the server the first time in a window; until the window ends everybody gets that answer. */
  readonly ask: (windowEndsAt: number) => Promise<ReadCode>;
  readonly forget: () => void;
}

/** Some windows last five minutes, and what was refused may have been mended long before. */
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
      // While the answer is on its way nobody asks again, even if the window ends meanwhile.
      const entry: Asked = { answer: read(), until: Infinity };
      asked = entry;
      entry.answer.then(
        ({ endsAt }) => keepUntil(entry, endsAt),
        // A refusal is as good as an answer: asking again in the same window would hear it again, if that is not long.
        () => keepUntil(entry, Math.min(windowEndsAt, now() + refusalMs)),
      );
      return entry.answer;
    },
  };
}

const holders = new WeakMap<CodeSource, Map<string, CodeHolder>>();

/** Kept beside the source and not in the card: a card that was off the canvas for a moment does not ask again. */
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
