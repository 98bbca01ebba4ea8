import { type FormEvent, useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { messageOf } from "../api/request.ts";
import { confirmEntry } from "../api/vault-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { Field, Input } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import styles from "./EntryPanel.module.css";
import { useFreshVault } from "./useEntries.ts";

export interface PendingSectionProps {
  readonly entry: VaultEntryBody;
  readonly onConfirmed?: () => void;
}

/** Ends the waiting of a new entry: by a code another authenticator shows, or by the person's word. */
export function PendingSection({ entry, onConfirmed }: PendingSectionProps) {
  const freshen = useFreshVault();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const confirm = async (code: string | undefined) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await confirmEntry(entry.id, code);
      await freshen();
      onConfirmed?.();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "").replaceAll(/\s/g, "");
    if (code === "") setProblem("Type the code, or say that the service accepted it.");
    else void confirm(code);
  };
  return (
    <section className={styles.pending} aria-label="Confirm">
      <h3>Waiting for its first code</h3>
      <Muted>
        Agents get no codes until one was confirmed. Give the code above to the service and say whether it
        took it; or type what another authenticator with the same key shows.
      </Muted>
      <Button disabled={busy} onClick={() => void confirm(undefined)}>
        The service accepted it
      </Button>
      <form onSubmit={submit}>
        <Field title="A code from another authenticator" problem={problem}>
          {(ids) => (
            <div className={styles.pendingCode}>
              <Input {...ids} mono name="code" inputMode="numeric" autoComplete="off" maxLength={20} />
              <Button type="submit" disabled={busy}>
                Confirm
              </Button>
            </div>
          )}
        </Field>
      </form>
    </section>
  );
}
