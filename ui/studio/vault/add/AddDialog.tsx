import { useState } from "react";
import type { VaultEntryBody } from "../../../../plugin/api/vault.ts";
import { Dialog, DialogBody, DoneFoot } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { pathOfEntry } from "../../pages/page-paths.ts";
import { goToPath } from "../../router.ts";
import { EntryCode } from "../EntryCode.tsx";
import type { EntryCodes } from "../entry-codes.ts";
import { PendingSection } from "../PendingSection.tsx";
import { EnrolmentSource, type GivenEnrolment } from "./EnrolmentSource.tsx";
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

/** Enrolment in one step: the dialog reads the input, shows it, names it and stores it. */
export function AddDialog({ taken, codes, offsetMs, onClose }: AddDialogProps) {
  // Counted, so that what was chosen of one text is not chosen of the next.
  const [{ given, count }, setGiven] = useState<{ given?: GivenEnrolment; count: number }>({ count: 0 });
  const [added, setAdded] = useState<VaultEntryBody>();
  const sorted = sortGiven(given);
  if (added)
    return (
      <Dialog key="added" title={`${added.name} is in the vault`} onClose={onClose}>
        <FirstCode entry={added} codes={codes} offsetMs={offsetMs} onClose={onClose} />
      </Dialog>
    );
  return (
    <Dialog key="add" wide={sorted.kind === "several"} title="Add to the vault" onClose={onClose}>
      <DialogBody>
        <EnrolmentSource onGiven={(next) => setGiven({ given: next, count: count + 1 })} />
        {sorted.kind === "refused" && <Problem>{sorted.why}</Problem>}
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
      </DialogBody>
    </Dialog>
  );
}

interface FirstCodeProps {
  readonly entry: VaultEntryBody;
  readonly codes: EntryCodes;
  readonly offsetMs: number;
  readonly onClose: () => void;
}

/** The end of an enrolment: the code to give to the service, which asks for one before it switches over. */
const FirstCode = ({ entry, codes, offsetMs, onClose }: FirstCodeProps) => (
  <DialogBody>
    <p>Give this code to {entry.one_time?.issuer ?? "the service"} to finish there.</p>
    <EntryCode entry={entry} codes={codes} offsetMs={offsetMs} now={Date.now() + offsetMs} />
    {entry.one_time?.pending && <PendingSection entry={entry} onConfirmed={onClose} />}
    <DoneFoot onClose={onClose} />
  </DialogBody>
);
