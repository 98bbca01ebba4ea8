import { useId, useMemo, useRef, useState } from "react";
import type { ReadingBody } from "../../../plugin/api/inbox.ts";
import { FoundMark } from "./FoundMark.tsx";
import { confidenceWords } from "./message-words.ts";
import { ReasonList } from "./ReasonList.tsx";
import { textParts } from "./text-parts.ts";

/** What was found in a message, why, and each reason in the text where it counted. */
export function ReadingView({ reading }: { reading: ReadingBody }) {
  const id = useId();
  const [lit, setLit] = useState<number>();
  const frame = useRef<HTMLElement>(null);
  const { because, text, kind, value, candidates, confidence } = reading;
  const parts = useMemo(() => textParts(text, because), [text, because]);
  const light = (index: number | undefined) => {
    setLit(index);
    const mark = frame.current?.querySelector<HTMLElement>(`mark[data-reasons~="${index}"]`);
    // Only within its own frame: the page stays where it is.
    if (mark && frame.current) {
      const { offsetTop, offsetHeight } = mark;
      const { scrollTop, clientHeight } = frame.current;
      if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight)
        frame.current.scrollTop = offsetTop - clientHeight / 3;
    }
  };
  const reasonId = (index: number) => `${id}-${index}`;
  return (
    <div className="reading">
      <p className="reading__result">
        <FoundMark kind={kind} />
        {value !== undefined && <code className="reading__value">{value}</code>}
        {kind !== "none" && <span className="muted">{confidenceWords(confidence)}</span>}
      </p>
      {candidates && candidates.length > 0 && (
        <div>
          <h3>What could be meant</h3>
          <ul className="reading__candidates">
            {candidates.map((one) => (
              <li key={`${one.kind} ${one.value} ${one.start}`}>
                <code className="reading__value">{one.value}</code>{" "}
                <span className="muted">{confidenceWords(one.confidence)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <h3>Why</h3>
        {because.length === 0 ? (
          <p className="muted">Nothing in it looks like a code or a sign-in link.</p>
        ) : (
          <ReasonList reasons={because} idOf={reasonId} lit={lit} onLight={light} />
        )}
      </div>
      <div>
        <h3>The text, as it was read</h3>
        <section
          ref={frame}
          className="reading__text"
          aria-label="The text, as it was read"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          dir="auto"
        >
          {parts.map(({ text: words, reasons }, place) =>
            reasons.length === 0 ? (
              words
            ) : (
              <mark
                // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the text.
                key={place}
                data-reasons={reasons.join(" ")}
                data-lit={lit !== undefined && reasons.includes(lit) ? "" : undefined}
                aria-describedby={reasons.map(reasonId).join(" ")}
                title={reasons.map((index) => because[index]?.text).join(" ")}
                onPointerEnter={() => setLit(reasons.at(-1))}
                onPointerLeave={() => setLit(undefined)}
              >
                {words}
              </mark>
            ),
          )}
          {text === "" && <span className="muted">There is no text.</span>}
        </section>
      </div>
    </div>
  );
}
