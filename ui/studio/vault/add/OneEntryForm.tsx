import { type FormEvent, useEffect, useRef, useState } from "react";
import type { VaultEntryBody } from "../../../../plugin/api/vault.ts";
import { ApiError, messageOf } from "../../api/request.ts";
import { addEntry } from "../../api/vault-endpoints.ts";
import { ChoiceGroup, ChoiceRow } from "../../kit/Choice.tsx";
import { FormFoot } from "../../kit/Dialog.tsx";
import { Field, Help, Input, Problem, TextArea } from "../../kit/Field.tsx";
import { freeName } from "../../kit/free-name.ts";
import { suggestedOrigin } from "../origins/known-issuers.ts";
import { OriginsField } from "../origins/OriginsField.tsx";
import { readOrigins } from "../origins/read-origins.ts";
import { useFreshVault } from "../useEntries.ts";
import styles from "./Enrolment.module.css";
import { ReadPreview } from "./EnrolmentSource.tsx";
import { type Given, newEntryOf } from "./given.ts";

export interface OneEntryFormProps {
  readonly given: Exclude<Given, { kind: "several" }>;
  readonly taken: readonly string[];
  readonly onAdded: (entry: VaultEntryBody) => void;
  readonly onClose: () => void;
}

/** The name of one entry, its stored data, and how its codes are given. */
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
    const { origins, problem } = readOrigins(String(form.get("origins") ?? ""));
    const entry = { ...newEntryOf((field) => String(form.get(field) ?? ""), given), origins };
    if (entry.name === "") return setProblems({ name: "Give it a name." });
    if (problem !== undefined) return setProblems({ origins: problem });
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
    <form className={styles.form} onSubmit={(event) => void save(event)}>
      {given.kind === "one" && <ReadPreview entry={given.entry} />}
      <Field title="Name" description="What people and agents call it." problem={problems.name}>
        {(ids) => <Input ref={name} {...ids} name="name" maxLength={200} autoComplete="off" />}
      </Field>
      <OriginsField
        suggestion={given.kind === "one" ? suggestedOrigin(given.entry.issuer) : undefined}
        problem={problems.origins}
      />
      <details className={styles.more}>
        <summary>Login, notes and backup codes</summary>
        <Field title="Username">
          {(ids) => <Input {...ids} name="username" autoComplete="off" spellCheck={false} />}
        </Field>
        <Field
          title="Password"
          description="Sealed by the server; shown only to those who may read its data."
        >
          {(ids) => <Input {...ids} name="password" type="password" autoComplete="new-password" />}
        </Field>
        <Field title="Notes">{(ids) => <TextArea {...ids} name="notes" rows={2} />}</Field>
        <Field title="Backup codes" description="One a line. Each is handed out once.">
          {(ids) => <TextArea {...ids} mono name="backup_codes" rows={3} spellCheck={false} />}
        </Field>
      </details>
      {given.kind === "one" && (
        <ChoiceGroup titleHidden title="How its codes are given">
          <ChoiceRow>
            <input type="checkbox" name="pending" />
            <span>
              Pending
              <Help as="span">Agents get no codes until one was confirmed.</Help>
            </span>
          </ChoiceRow>
          <ChoiceRow>
            <input type="checkbox" name="single_use" />
            <span>
              Single use
              <Help as="span">
                Give the code of a window to one caller. The next caller gets the next code.
              </Help>
            </span>
          </ChoiceRow>
        </ChoiceGroup>
      )}
      <Problem>{problems.form}</Problem>
      <FormFoot onClose={onClose} busy={busy || given.kind === "refused"}>
        Add
      </FormFoot>
    </form>
  );
}
