import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { ReadingBody, ReasonBody } from "../../../plugin/api/inbox.ts";
import { Muted } from "../kit/text.tsx";
import { FoundMark, FoundValue } from "./FoundMark.tsx";
import { confidenceWords } from "./message-words.ts";
import styles from "./ReadingView.module.css";

export interface ReadingViewProps {
  readonly reading: ReadingBody;
  /** A person said what was meant. */
  readonly settled?: boolean;
}

/** What was found in a message, why, and each reason in the text where it counted. */
export function ReadingView({ reading, settled = false }: ReadingViewProps) {
  const id = useId();
  const [pointed, setPointed] = useState<number>();
  const [focused, setFocused] = useState<number>();
  const lit = pointed ?? focused;
  const frame = useRef<HTMLElement>(null);
  const { because, text, kind, value, candidates, confidence } = reading;
  const { united, unitedIndex } = useMemo(() => uniteReasons(because), [because]);
  const parts = useMemo(
    () =>
      textParts(text, because).map((part) => ({
        text: part.text,
        reasons: [...new Set(part.reasons.map((index) => unitedIndex[index] ?? 0))],
      })),
    [text, because, unitedIndex],
  );
  useEffect(() => {
    const mark = frame.current?.querySelector<HTMLElement>("mark[data-lit]");
    if (focused === undefined || !mark || !frame.current) return;
    // Only within its own frame: the page stays where it is.
    const { offsetTop, offsetHeight } = mark;
    const { scrollTop, clientHeight } = frame.current;
    if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight)
      frame.current.scrollTop = offsetTop - clientHeight / 3;
  }, [focused]);
  const reasonId = (index: number) => `${id}-${index}`;
  return (
    <div className={styles.reading} data-part="reading">
      <p className={styles.result} data-part="result">
        <FoundMark kind={kind} settled={settled} />
        {value !== undefined && <FoundValue value={value} />}
        {(kind === "code" || kind === "link") && <Muted as="span">{confidenceWords(confidence)}</Muted>}
      </p>
      {candidates && candidates.length > 0 && (
        <div>
          <h3>What could be meant</h3>
          <ul className={styles.list}>
            {candidates.map((one) => (
              <li key={`${one.kind} ${one.value} ${one.start}`}>
                <FoundValue small value={one.value} />
                {kind !== "ambiguous" && (
                  <>
                    {" "}
                    <Muted as="span">{confidenceWords(one.confidence)}</Muted>
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <h3>Why</h3>
        {because.length === 0 ? (
          <Muted>Nothing in it looks like a code or a sign-in link.</Muted>
        ) : (
          <ReasonList reasons={united} idOf={reasonId} lit={lit} onPoint={setPointed} onFocus={setFocused} />
        )}
      </div>
      <div>
        <h3>The text, as it was read</h3>
        <section
          ref={frame}
          className={styles.text}
          data-part="reading-text"
          aria-label="The text, as it was read"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          dir="auto"
        >
          {parts.map(({ text: words, reasons }, index) =>
            reasons.length === 0 ? (
              words
            ) : (
              <mark
                // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its index.
                key={index}
                data-reasons={reasons.join(" ")}
                data-lit={lit !== undefined && reasons.includes(lit) ? "" : undefined}
                aria-describedby={reasons.map(reasonId).join(" ")}
                title={reasons.map((reason) => united[reason]?.reason.text).join(" ")}
                onPointerEnter={() => setPointed(reasons.at(-1))}
                onPointerLeave={() => setPointed(undefined)}
              >
                {words}
              </mark>
            ),
          )}
          {text === "" && <Muted as="span">There is no text.</Muted>}
        </section>
      </div>
    </div>
  );
}

interface ReasonListProps {
  readonly reasons: readonly UnitedReason[];
  readonly idOf: (index: number) => string;
  /** The one whose range in the text is shown. */
  readonly lit: number | undefined;
  readonly onPoint: (index: number | undefined) => void;
  readonly onFocus: (index: number | undefined) => void;
}

/** Everything that counted. A reason with a range in the text shows it when it is pointed at or focused. */
const ReasonList = ({ reasons, idOf, lit, onPoint, onFocus }: ReasonListProps) => (
  <ol className={styles.list}>
    {reasons.map(({ reason: { rule, text, start }, times }, index) => (
      <li key={`${rule} ${text}`} data-rule={rule}>
        {start === undefined ? (
          <span id={idOf(index)}>{timesWords(text, times)}</span>
        ) : (
          <button
            type="button"
            className={styles.reason}
            data-part="reason"
            data-lit={index === lit ? "" : undefined}
            onPointerEnter={() => onPoint(index)}
            onPointerLeave={() => onPoint(undefined)}
            onFocus={() => onFocus(index)}
            onBlur={() => onFocus(undefined)}
          >
            <span id={idOf(index)}>{timesWords(text, times)}</span>
          </button>
        )}
      </li>
    ))}
  </ol>
);

interface UnitedReason {
  readonly reason: ReasonBody;
  /** How often it counted. */
  readonly times: number;
}

interface UnitedReasons {
  readonly united: readonly UnitedReason[];
  /** Of each reason that was given: its index among the united. */
  readonly unitedIndex: readonly number[];
}

/** The same words counted several times are one reason to read. Its range is that of one of them. */
export function uniteReasons(reasons: readonly ReasonBody[]): UnitedReasons {
  const united: UnitedReason[] = [];
  const unitedIndex = reasons.map((reason) => {
    const at = united.findIndex(({ reason: { rule, text } }) => rule === reason.rule && text === reason.text);
    const known = united[at];
    if (!known) return united.push({ reason, times: 1 }) - 1;
    const withRange = known.reason.start === undefined ? reason : known.reason;
    united[at] = { reason: withRange, times: known.times + 1 };
    return at;
  });
  return { united, unitedIndex };
}

/** @example timesWords("A word beside it.", 3) // "A word beside it. ×3" */
export const timesWords = (text: string, times: number): string => (times === 1 ? text : `${text} ×${times}`);

/** A stretch of a text and the reasons that count there, by their index in the list. */
interface TextPart {
  readonly text: string;
  readonly reasons: readonly number[];
}

interface TextRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Cuts a text where reasons begin and end; they may lie over one another, and one may lie outside it. */
export function textParts(text: string, reasons: readonly TextRange[]): TextPart[] {
  const ranges = reasons.flatMap(({ start, end }, index) =>
    start === undefined || end === undefined || start < 0 || end <= start || start >= text.length
      ? []
      : [{ start, end: Math.min(end, text.length), index }],
  );
  const cuts = [...new Set([0, text.length, ...ranges.flatMap(({ start, end }) => [start, end])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? 0;
    const here = ranges.filter((one) => one.start <= start && one.end >= end);
    return { text: text.slice(start, end), reasons: here.map((one) => one.index) };
  });
}
