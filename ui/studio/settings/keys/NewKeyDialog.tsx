import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Scope, scopes, scopeWords } from "../../../../plugin/api/scopes.ts";
import { createServiceKey } from "../../api/account-endpoints.ts";
import { ApiError, messageOf } from "../../api/request.ts";
import { ChoiceGroup, ChoiceRow } from "../../kit/Choice.tsx";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Field, Help, Input, Problem, Select } from "../../kit/Field.tsx";
import { useWhoami } from "../../person/whoami.ts";
import styles from "./NewKeyDialog.module.css";
import { ShownKey } from "./ShownKey.tsx";

const day = 86_400;
const ends: readonly (readonly [seconds: number, words: string])[] = [
  [7 * day, "In 7 days"],
  [30 * day, "In 30 days"],
  [90 * day, "In 90 days"],
  [365 * day, "In a year"],
  [0, "Never"],
];
const usualEnd = 90 * day;

/** Makes a key: its name, what it may do, and when it ends. The key itself is shown once. */
export function NewKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const held = useWhoami()?.scopes ?? [];
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string }>();
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);

  async function create(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "").trim();
    const chosen = form.getAll("scopes") as Scope[];
    const found: Record<string, string> = {};
    if (name === "") found.name = "Give it a name.";
    if (chosen.length === 0) found.scopes = "Choose what it may do.";
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const seconds = Number(form.get("end"));
      const { key } = await createServiceKey({
        name,
        scopes: chosen,
        ...(seconds === 0 ? {} : { expires_in: seconds }),
      });
      setMade({ name, secret: key });
      await queries.invalidateQueries({ queryKey: ["service-keys"] });
    } catch (error) {
      const fields = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
      setProblems(
        fields.length === 0
          ? { form: messageOf(error) }
          : Object.fromEntries(fields.map(({ field, problem }) => [field, problem])),
      );
    } finally {
      setBusy(false);
    }
  }

  if (made)
    return (
      <ShownKey
        {...made}
        help="The program sends it as “Authorization: Bearer …” with every request."
        onClose={onClose}
      />
    );
  return (
    <Dialog key="form" wide title="New key" onClose={onClose}>
      <DialogForm onSubmit={(event) => void create(event)} onChange={() => setProblems({})}>
        <Field
          title="Name"
          description="What the audit log calls it: the program that uses it."
          problem={problems.name}
        >
          {(ids) => <Input {...ids} name="name" maxLength={100} autoComplete="off" />}
        </Field>
        <Field title="Ends" description="A key that ends by itself cannot be forgotten.">
          {(ids) => (
            <Select {...ids} name="end" defaultValue={usualEnd}>
              {ends.map(([seconds, words]) => (
                <option key={seconds} value={seconds}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <ChoiceGroup title="It may" className={styles.scopes} aria-describedby="scopes-problem">
          {scopes
            // No key may more than the person who makes it.
            .filter((scope) => held.includes(scope))
            .map((scope) => (
              <ChoiceRow key={scope}>
                <input type="checkbox" name="scopes" value={scope} />
                <span>
                  {scope}
                  <Help as="span">{scopeWords[scope]}</Help>
                </span>
              </ChoiceRow>
            ))}
        </ChoiceGroup>
        <Problem id="scopes-problem">{problems.scopes ?? problems.form}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Create the key
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
