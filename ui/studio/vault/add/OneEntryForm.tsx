import { type FormEvent, useEffect, useRef, useState } from "react";
import type { VaultEntryBody } from "../../../../plugin/api/vault.ts";
import { ApiError, messageOf } from "../../api/request.ts";
import { addEntry } from "../../api/vault-endpoints.ts";
import { Field } from "../../kit/Field.tsx";
import { useFreshVault } from "../useEntries.ts";
import { freeName, type Given } from "./given.ts";
import { newEntryOf } from "./new-entry-of.ts";
import { ReadPreview } from "./ReadPreview.tsx";

export interface OneEntryFormProps {
  readonly given: Exclude<Given, { kind: "several" }>;
  readonly taken: readonly string[];
  readonly onAdded: (entry: VaultEntryBody) => void;
  readonly onClose: () => void;
}

/** What one entry is called, what is kept with it, and how its codes are given. */
export function OneEntryForm({ given, taken, onAdded, onClose }: OneEntryFormProps) {
  const freshen = useFreshVault();
  const name = useRef<HTMLInputElement>(null);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const proposed = given.kind === "one" ? freeName(given.entry.label, taken) : "";
  const last = useRef("");
  useEffect(() => {
    // A name the person has typed is theirs.
    if (name.current && name.current.value === last.current) name.current.value = last.current = proposed;
  }, [proposed]);

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (given.kind === "refused") return;
    const form = new FormData(event.currentTarget);
    const entry = newEntryOf((field) => String(form.get(field) ?? ""), given);
    if (entry.name === "") return setProblems({ name: "Give it a name." });
    setProblems({});
    setBusy(true);
    try {
      const stored = await addEntry(entry);
      await freshen();
      onAdded(stored);
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError && error.code === "VAULT_NAME_TAKEN")
        setProblems({ name: error.message });
      else setProblems({ form: messageOf(error) });
    }
  };

  return (
    <form className="enrol__form" onSubmit={(event) => void save(event)}>
      {given.kind === "one" && <ReadPreview entry={given.entry} />}
      <Field title="Name" description="What people and agents call it." problem={problems.name}>
        {(ids) => (
          <input ref={name} {...ids} className="input" name="name" maxLength={200} autoComplete="off" />
        )}
      </Field>
      <details className="enrol__more">
        <summary>Login, notes and backup codes</summary>
        <Field title="Username">
          {(ids) => (
            <input {...ids} className="input" name="username" autoComplete="off" spellCheck={false} />
          )}
        </Field>
        <Field
          title="Password"
          description="Sealed by the server; shown only to those who may read its data."
        >
          {(ids) => (
            <input {...ids} className="input" name="password" type="password" autoComplete="new-password" />
          )}
        </Field>
        <Field title="Notes">{(ids) => <textarea {...ids} className="input" name="notes" rows={2} />}</Field>
        <Field title="Backup codes" description="One a line. Each is handed out once.">
          {(ids) => (
            <textarea
              {...ids}
              className="input input--mono"
              name="backup_codes"
              rows={3}
              spellCheck={false}
            />
          )}
        </Field>
      </details>
      {given.kind === "one" && (
        <fieldset className="choice rights">
          <legend className="totem-sr-only">How its codes are given</legend>
          <label className="choice__row">
            <input type="checkbox" name="pending" />
            <span>
              Pending
              <span className="field__help">Agents get no codes until one was confirmed.</span>
            </span>
          </label>
          <label className="choice__row">
            <input type="checkbox" name="single_use" />
            <span>
              Single use
              <span className="field__help">
                Hand out the code of a window once; the next asks for the next one.
              </span>
            </span>
          </label>
        </fieldset>
      )}
      <p className="field__problem" role="alert">
        {problems.form}
      </p>
      <div className="dialog__foot">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button button--primary" disabled={busy || given.kind === "refused"}>
          Add
        </button>
      </div>
    </form>
  );
}
