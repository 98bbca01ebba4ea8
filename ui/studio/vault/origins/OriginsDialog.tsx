import { type FormEvent, useState } from "react";
import type { VaultEntryBody } from "../../../../plugin/api/vault.ts";
import { changeOrigins } from "../../api/vault-endpoints.ts";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { showToast } from "../../kit/toasts.ts";
import { useAction } from "../../kit/useAction.ts";
import { useFreshVault } from "../useEntries.ts";
import { suggestedOrigin } from "./known-issuers.ts";
import { OriginsField } from "./OriginsField.tsx";
import { readOrigins } from "./read-origins.ts";

/** Changes where an entry belongs. The server asks for a proof where its secrets may go to a new address. */
export function OriginsDialog({ entry, onClose }: { entry: VaultEntryBody; onClose: () => void }) {
  const freshen = useFreshVault();
  const { busy, problem, run } = useAction();
  const [wrong, setWrong] = useState<string>();
  const suggestion = suggestedOrigin(entry.one_time?.issuer ?? entry.name);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readOrigins(String(new FormData(event.currentTarget).get("origins") ?? ""));
    setWrong(read.problem);
    if (read.problem !== undefined) return;
    const worked = await run(async () => {
      await changeOrigins(entry.id, read.origins);
      await freshen();
    });
    if (!worked) return;
    showToast({
      text:
        read.origins.length === 0
          ? `“${entry.name}” belongs nowhere now: its secrets are sent nowhere.`
          : `“${entry.name}” belongs to ${read.origins.length === 1 ? read.origins[0] : `${read.origins.length} addresses`}.`,
    });
    onClose();
  };
  return (
    <Dialog title={`Where ${entry.name} belongs`} onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)}>
        <OriginsField
          origins={entry.origins}
          suggestion={suggestion !== undefined && entry.origins.includes(suggestion) ? undefined : suggestion}
          problem={wrong}
        />
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Save
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
