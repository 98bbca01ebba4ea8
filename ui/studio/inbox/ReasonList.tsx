import type { ReasonBody } from "../../../plugin/api/inbox.ts";

export interface ReasonListProps {
  readonly reasons: readonly ReasonBody[];
  readonly idOf: (index: number) => string;
  /** The one whose place in the text is shown. */
  readonly lit: number | undefined;
  readonly onLight: (index: number | undefined) => void;
}

/** Everything that counted. A reason with a place in the text shows it when it is pointed at or focused. */
export const ReasonList = ({ reasons, idOf, lit, onLight }: ReasonListProps) => (
  <ol className="reasons">
    {reasons.map(({ rule, text, start }, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the same reason may count twice.
      <li key={index} data-rule={rule}>
        {start === undefined ? (
          <span id={idOf(index)}>{text}</span>
        ) : (
          <button
            type="button"
            className="reasons__reason"
            aria-pressed={index === lit}
            onPointerEnter={() => onLight(index)}
            onPointerLeave={() => onLight(undefined)}
            onFocus={() => onLight(index)}
            onBlur={() => onLight(undefined)}
            onClick={() => onLight(index)}
          >
            <span id={idOf(index)}>{text}</span>
          </button>
        )}
      </li>
    ))}
  </ol>
);
