import styles from "./ReadingView.module.css";
import { timesWords, type UnitedReason } from "./unite-reasons.ts";

export interface ReasonListProps {
  readonly reasons: readonly UnitedReason[];
  readonly idOf: (index: number) => string;
  /** The one whose place in the text is shown. */
  readonly lit: number | undefined;
  readonly onPoint: (index: number | undefined) => void;
  readonly onFocus: (index: number | undefined) => void;
}

/** Everything that counted. A reason with a place in the text shows it when it is pointed at or focused. */
export const ReasonList = ({ reasons, idOf, lit, onPoint, onFocus }: ReasonListProps) => (
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
