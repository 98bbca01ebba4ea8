import { Check, Copy } from "lucide-react";
import { type SyntheticEvent, useCallback, useRef, useState } from "react";
import { CountdownRing } from "./CountdownRing.tsx";
import { holderOf } from "./code-holder.ts";
import { type CodeSource, useCodeSource, useCodeWindow, useWhyNoCode } from "./code-source.tsx";
import { type CodeWindow, windowAt } from "./code-window.ts";
import { copyText } from "./copy-text.ts";
import { maskOf, useHeldCode } from "./useHeldCode.ts";

/** The second row of a card that shows a code. It is as high with a code as without, so nothing moves. */
export function CodeRow({ nodeId }: { nodeId: string }) {
  const source = useCodeSource();
  return source ? <SourcedRow source={source} nodeId={nodeId} /> : null;
}

function SourcedRow({ source, nodeId }: { source: CodeSource; nodeId: string }) {
  const codeWindow = useCodeWindow(source, nodeId);
  const why = useWhyNoCode(source, nodeId) ?? "There is no code to show.";
  if (codeWindow)
    return (
      <LiveCode
        key={codeWindow.key ?? codeWindow.username}
        source={source}
        nodeId={nodeId}
        codeWindow={codeWindow}
      />
    );
  return (
    <div className="totem-code" data-code="none" title={why}>
      <span className="totem-ring">
        <svg viewBox="0 0 22 22" aria-hidden>
          <circle className="totem-ring__none" cx="11" cy="11" r="9" />
        </svg>
      </span>
      <span className="totem-code__why">{why}</span>
    </div>
  );
}

export interface LiveCodeProps {
  readonly source: CodeSource;
  readonly nodeId: string;
  readonly codeWindow: CodeWindow;
}

/** The result of holding or copying. It is cleared when the window ends. */
type Outcome = { readonly copied: true } | { readonly copied: false; readonly why: string };

const whyOf = (error: unknown): string =>
  error instanceof Error && error.message !== "" ? error.message : "The code could not be read.";

/** Events on the code must not reach the card: they would select or open it. */
const keepFromCard = (event: SyntheticEvent) => event.stopPropagation();

/**
 * A current code: a ring, dots, and a button to copy it. The code is read only when a person
 * holds the dots or copies it.
 */
export function LiveCode({ source, nodeId, codeWindow }: LiveCodeProps) {
  const { username, period, offsetMs, digits, key = username } = codeWindow;
  const masked = maskOf(digits);
  const row = useRef<HTMLDivElement>(null);
  const [outcome, setOutcome] = useState<Outcome>();
  const failed = (error: unknown) => setOutcome({ copied: false, why: whyOf(error) });

  const ask = () => holderOf(source, nodeId, key).ask(windowAt(Date.now(), { period, offsetMs }).endsAt);
  const { text, mask, holdProps } = useHeldCode(ask, failed, masked);
  const onNewWindow = useCallback(() => {
    mask();
    setOutcome(undefined);
  }, [mask]);
  const copy = () => {
    copyText(ask().then(({ code }) => code)).then(() => setOutcome({ copied: true }), failed);
  };

  const why = outcome && !outcome.copied ? outcome.why : undefined;
  const CopyMark = outcome?.copied ? Check : Copy;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only stops clicks on its buttons before they reach the card.
    <div
      ref={row}
      className="totem-code nodrag nopan nokey"
      data-code="live"
      role="presentation"
      onClick={keepFromCard}
      onDoubleClick={keepFromCard}
    >
      <CountdownRing codeWindow={codeWindow} row={row} onNewWindow={onNewWindow} />
      <button
        type="button"
        className="totem-code__hold"
        title={why ?? "Hold to show the code"}
        data-failed={why === undefined ? undefined : ""}
        {...holdProps}
      >
        <span className="totem-sr-only">{`Hold to show the code of ${username}`}</span>
        <span ref={text} className="totem-code__digits" aria-hidden="true">
          {masked}
        </span>
        {why !== undefined && (
          <span className="totem-code__why" aria-hidden>
            {why}
          </span>
        )}
      </button>
      <button
        type="button"
        className="totem-code__copy"
        aria-label={`Copy the code of ${username}`}
        title={outcome?.copied ? "Copied" : "Copy the code"}
        data-copied={outcome?.copied ? "" : undefined}
        onClick={copy}
      >
        <CopyMark size={14} strokeWidth={2} aria-hidden />
      </button>
      <span className="totem-sr-only" role="status">
        {outcome?.copied ? "Copied" : why}
      </span>
    </div>
  );
}
