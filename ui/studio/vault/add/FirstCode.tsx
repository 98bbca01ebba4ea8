import type { VaultEntryBody } from "../../../../plugin/api/vault.ts";
import { EntryCode } from "../EntryCode.tsx";
import type { EntryCodes } from "../entry-codes.ts";
import { PendingSection } from "../PendingSection.tsx";

export interface FirstCodeProps {
  readonly entry: VaultEntryBody;
  readonly codes: EntryCodes;
  readonly offsetMs: number;
  readonly onClose: () => void;
}

/** The end of an enrolment: the code to give to the service, which asks for one before it switches over. */
export const FirstCode = ({ entry, codes, offsetMs, onClose }: FirstCodeProps) => (
  <div className="dialog__body">
    <p>Give this code to {entry.one_time?.issuer ?? "the service"} to finish there.</p>
    <EntryCode entry={entry} codes={codes} offsetMs={offsetMs} now={Date.now() + offsetMs} />
    {entry.one_time?.pending && <PendingSection entry={entry} onConfirmed={onClose} />}
    <div className="dialog__foot">
      <button type="button" className="button button--primary" onClick={onClose}>
        Done
      </button>
    </div>
  </div>
);
