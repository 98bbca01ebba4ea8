import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { kindWords, settledWords } from "./message-words.ts";

export interface FoundMarkProps {
  readonly kind: InboxMessageBody["kind"];
  /** A person said what was meant: nothing is in doubt any more. */
  readonly settled?: boolean;
}

/** What was found: a sign and a word, never colour alone. */
export function FoundMark({ kind, settled = false }: FoundMarkProps) {
  const { words, tone, icon: Icon } = settled && kind === "ambiguous" ? settledWords : kindWords[kind];
  return (
    <span className="found" data-tone={tone}>
      <Icon size={14} strokeWidth={2} aria-hidden />
      {words}
    </span>
  );
}
