import { type FormEvent, useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { messageOf } from "../api/request.ts";
import { replaceSecret } from "../api/vault-endpoints.ts";
import { ChoiceRow } from "../kit/Choice.tsx";
import { Dialog, DialogForm, FormFoot } from "../kit/Dialog.tsx";
import { Help, Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { showToast } from "../kit/toasts.ts";
import { EnrolmentSource, type GivenEnrolment, ReadPreview } from "./add/EnrolmentSource.tsx";
import { sortGiven } from "./add/given.ts";
import { useFreshVault } from "./useEntries.ts";

/** Gives an entry another seed. The one before gives no code from that moment on. */
export function RotateDialog({ entry, onClose }: { entry: VaultEntryBody; onClose: () => void }) {
  const freshen = useFreshVault();
  const [given, setGiven] = useState<GivenEnrolment>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const sorted = sortGiven(given);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (sorted.kind === "nothing") return setProblem("Give the new key.");
    if (sorted.kind === "several") return setProblem("There are several second factors in this. Give one.");
    if (sorted.kind !== "one") return;
    const pending = new FormData(event.currentTarget).get("pending") === "on";
    setBusy(true);
    try {
      await replaceSecret(entry.id, sorted.text, pending);
      await freshen();
      showToast({ text: `“${entry.name}” has a new seed.` });
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={entry.one_time ? `Replace the seed of ${entry.name}` : `Second factor for ${entry.name}`}
      onClose={onClose}
    >
      <DialogForm onSubmit={(event) => void save(event)}>
        {entry.one_time && (
          <Muted>
            The current seed gives no codes after that. An owner or administrator can restore it for 24 hours.
          </Muted>
        )}
        <EnrolmentSource
          onGiven={(next) => {
            setProblem(undefined);
            setGiven(next);
          }}
        />
        {sorted.kind === "one" && <ReadPreview entry={sorted.entry} />}
        <ChoiceRow>
          <input type="checkbox" name="pending" />
          <span>
            Pending
            <Help as="span">Agents get no codes until one was confirmed.</Help>
          </span>
        </ChoiceRow>
        <Problem>{sorted.kind === "refused" ? sorted.why : problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          {entry.one_time ? "Replace" : "Add"}
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
