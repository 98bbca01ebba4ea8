import { useState } from "react";
import type { VaultEntryBody } from "../../../../plugin/api/vault.ts";
import { Dialog } from "../../kit/Dialog.tsx";
import { goToPath } from "../../router.ts";
import type { EntryCodes } from "../entry-codes.ts";
import { pathOfEntry } from "../path-of-entry.ts";
import { EnrolmentSource, type GivenEnrolment } from "./EnrolmentSource.tsx";
import { FirstCode } from "./FirstCode.tsx";
import { sortGiven } from "./given.ts";
import { ImportTable } from "./ImportTable.tsx";
import { OneEntryForm } from "./OneEntryForm.tsx";

export interface AddDialogProps {
  /** Names that are in use. */
  readonly taken: readonly string[];
  readonly codes: EntryCodes;
  readonly offsetMs: number;
  readonly onClose: () => void;
}

/** Enrolment in one gesture: what is given is read here, shown, named and kept. */
export function AddDialog({ taken, codes, offsetMs, onClose }: AddDialogProps) {
  // Counted, so that what was chosen of one text is not chosen of the next.
  const [{ given, count }, setGiven] = useState<{ given?: GivenEnrolment; count: number }>({ count: 0 });
  const [added, setAdded] = useState<VaultEntryBody>();
  const sorted = sortGiven(given);
  if (added)
    return (
      <Dialog key="added" title={`${added.name} is kept`} onClose={onClose}>
        <FirstCode entry={added} codes={codes} offsetMs={offsetMs} onClose={onClose} />
      </Dialog>
    );
  return (
    <Dialog key="add" title="Add to the vault" onClose={onClose}>
      <div className="dialog__body">
        <EnrolmentSource onGiven={(next) => setGiven({ given: next, count: count + 1 })} />
        {sorted.kind === "refused" && (
          <p className="field__problem" role="alert">
            {sorted.why}
          </p>
        )}
        {sorted.kind === "several" ? (
          <ImportTable key={count} given={sorted} taken={taken} onClose={onClose} />
        ) : (
          <OneEntryForm
            given={sorted}
            taken={taken}
            onClose={onClose}
            onAdded={(entry) => {
              goToPath(pathOfEntry(entry.id));
              if (entry.one_time) setAdded(entry);
              else onClose();
            }}
          />
        )}
      </div>
    </Dialog>
  );
}
