import { useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { LiveCode } from "../../canvas/code/CodeRow.tsx";
import { CountedCode } from "./CountedCode.tsx";
import type { EntryCodes } from "./entry-codes.ts";

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

/** The code of this moment, for those who may read it: nobody asks for it until somebody holds or copies. */
export function EntryCode({ entry, codes, offsetMs, now }: EntryCodeProps) {
  // The clocks' difference of the moment it was opened: a ring that is corrected while one looks would jump.
  const [source] = useState(() => codes.sourceOf(entry, offsetMs));
  const why = whyNoCode(entry, now);
  const codeWindow = source.windowOf(entry.id);
  return (
    <section className="entry__code" aria-label="Code">
      {why !== undefined ? (
        <p className="muted">{why}</p>
      ) : codeWindow ? (
        <LiveCode source={source} nodeId={entry.id} codeWindow={codeWindow} />
      ) : (
        <CountedCode source={source} entry={entry} />
      )}
      {entry.one_time?.single_use && why === undefined && (
        <p className="field__help">Single use: the code of a window is handed out once, also here.</p>
      )}
    </section>
  );
}
