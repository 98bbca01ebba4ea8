import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { classNames } from "../kit/class-names.ts";
import styles from "./FoundMark.module.css";
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
    <span className={styles.mark} data-tone={tone}>
      <Icon size={14} strokeWidth={2} aria-hidden />
      {words}
    </span>
  );
}

/** A code or a link, as it was found. */
export const FoundValue = ({ value, small = false }: { value: string; small?: boolean }) => (
  <code className={classNames(styles.value, small && styles.small)} data-part="found-value">
    {value}
  </code>
);
