import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { holderOf } from "../../canvas/code/code-holder.ts";
import type { CodeSource } from "../../canvas/code/code-source.tsx";
import { copyText } from "../../canvas/code/copy-text.ts";
import { maskOf, useHeldCode } from "../../canvas/code/useHeldCode.ts";
import { countedCodeMs } from "./entry-codes.ts";

/** A code that counts instead of following the clock (HOTP): it has no window, so there is no ring. */
export function CountedCode({ source, entry }: { source: CodeSource; entry: VaultEntryBody }) {
  const [said, setSaid] = useState<{ words: string; failed?: true }>();
  const failed = (error: unknown) =>
    setSaid({ words: error instanceof Error ? error.message : "The code could not be read.", failed: true });
  const ask = () => holderOf(source, entry.id, entry.name).ask(Date.now() + countedCodeMs);
  const { text, holdProps } = useHeldCode(ask, failed, maskOf(entry.one_time?.digits));
  const copy = () => {
    copyText(ask().then(({ code }) => code)).then(() => setSaid({ words: "Copied" }), failed);
  };
  const CopyMark = said && !said.failed ? Check : Copy;
  return (
    <>
      <div className="totem-code" data-code="live">
        <button type="button" className="totem-code__hold" title="Hold to show the code" {...holdProps}>
          <span className="totem-sr-only">{`Hold to show the next code of ${entry.name}`}</span>
          <span ref={text} className="totem-code__digits" aria-hidden="true">
            {maskOf(entry.one_time?.digits)}
          </span>
        </button>
        <button
          type="button"
          className="totem-code__copy"
          aria-label={`Copy the next code of ${entry.name}`}
          title="Copy the code"
          onClick={copy}
        >
          <CopyMark size={14} strokeWidth={2} aria-hidden />
        </button>
      </div>
      <p className="field__help">
        Counted codes: looking or copying takes the next one. It stays here for a minute.
      </p>
      <p className={said?.failed ? "field__problem" : "totem-sr-only"} role="status">
        {said?.words}
      </p>
    </>
  );
}
