import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { LiveCode } from "../../canvas/code/CodeRow.tsx";
import { holderOf } from "../../canvas/code/code-holder.ts";
import type { CodeSource } from "../../canvas/code/code-source.tsx";
import { copyText } from "../../canvas/code/copy-text.ts";
import { maskOf, useHeldCode } from "../../canvas/code/useHeldCode.ts";
import { Help, Problem } from "../kit/Field.tsx";

import { Muted } from "../kit/text.tsx";
import styles from "./EntryPanel.module.css";
import { countedCodeMs, type EntryCodes } from "./entry-codes.ts";

export interface EntryCodeProps {
  readonly entry: VaultEntryBody;
  readonly codes: EntryCodes;
  readonly offsetMs: number;
  /** The server's clock. */
  readonly now: number;
}

function whyNoCode({ one_time, rights, expires_at }: VaultEntryBody, now: number): string | undefined {
  if (!one_time) return "This entry has no second factor.";
  if (!rights.includes("codes")) return "You may not read its codes.";
  if (expires_at !== null && Date.parse(expires_at) <= now) return "It has expired and gives no codes.";
  return undefined;
}

/** The code of this moment, for those who may read it. It is read only when the user holds or copies it. */
export function EntryCode({ entry, codes, offsetMs, now }: EntryCodeProps) {
  // The clocks' difference of the moment it was opened: a ring that is corrected while one looks would jump.
  const [source] = useState(() => codes.sourceOf(entry, offsetMs));
  const why = whyNoCode(entry, now);
  const codeWindow = source.windowOf(entry.id);
  return (
    <section className={styles.code} aria-label="Code">
      {why !== undefined ? (
        <Muted>{why}</Muted>
      ) : codeWindow ? (
        <LiveCode source={source} nodeId={entry.id} codeWindow={codeWindow} />
      ) : (
        <CountedCode source={source} entry={entry} />
      )}
      {entry.one_time?.single_use && why === undefined && (
        <Help>Single use: the code of a window is handed out once, also here.</Help>
      )}
    </section>
  );
}

/** A code that counts instead of following the clock (HOTP): it has no window, so there is no ring. */
function CountedCode({ source, entry }: { source: CodeSource; entry: VaultEntryBody }) {
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
      <Help>Codes by a counter: showing or copying uses the next one. It stays here for a minute.</Help>
      <Problem role="status" className={said?.failed ? undefined : "totem-sr-only"}>
        {said?.words}
      </Problem>
    </>
  );
}
