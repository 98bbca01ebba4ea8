import { type ErrorCode, errorCodes } from "../../../plugin/error-codes.ts";
import { FixLine } from "./FixLine.tsx";
import type { Failure } from "./failure.ts";
import { fixOf } from "./fixes.ts";

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

/** What failed and what to do about it; the sentence from the table of codes where the run gave none of its own. */
export function ErrorLine({ failure, input }: { failure: Failure; input: string | undefined }) {
  const { code, text } = failure;
  const general = isKnown(code) ? errorCodes[code].message : "";
  return (
    <div className="line line--error">
      <code>{code}</code>
      {/* What the code says in general, the fix says better. */}
      {!(fixOf(code) && (text === "" || text === general)) && <p>{text || general}</p>}
      <FixLine failure={failure} input={input} />
    </div>
  );
}
