import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { createPortal } from "react-dom";
import { createModelKey, listModelKeys } from "../api/account-endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import type { ConfigControlProps } from "../editor/config-control.ts";
import { Button } from "../kit/Button.tsx";
import { Dialog, DialogForm, FormFoot } from "../kit/Dialog.tsx";
import { Field, Input, Problem, Select } from "../kit/Field.tsx";
import { useMay } from "../person/whoami.ts";
import { wordsOfChoice } from "./config-fields.ts";
import styles from "./ModelKeyField.module.css";

/** Chooses a stored key by its name. The key itself is nowhere in the page. */
export function ModelKeyField({ field, node, value, problem, onChange }: ConfigControlProps) {
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay("settings:manage");
  const { data, error } = useQuery({ queryKey: ["model-keys"], queryFn: listModelKeys });
  const { provider } = node.data.config;
  const keys = data?.model_keys.filter((key) => key.provider === provider) ?? [];
  const chosen = typeof value === "string" ? value : "";
  const missing = chosen !== "" && data !== undefined && !keys.some(({ name }) => name === chosen);
  const trouble = error
    ? messageOf(error)
    : missing
      ? `There is no key “${chosen}” for this provider.`
      : problem;
  return (
    <>
      <Field title={field.title} description={field.description} problem={trouble}>
        {(ids) => (
          <div className={styles.row}>
            <Select {...ids} value={chosen} onChange={(event) => onChange(event.target.value)}>
              <option value="">{keys.length === 0 ? "No stored keys" : "Choose a key"}</option>
              {missing && <option value={chosen}>{chosen} (missing)</option>}
              {keys.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
            {mayAdd && (
              <Button onClick={() => setAdding(true)}>
                <Plus size={14} aria-hidden /> Add key
              </Button>
            )}
          </div>
        )}
      </Field>
      {adding &&
        // Outside of the settings: they may be disabled while it is open, and then it could not be closed.
        createPortal(
          <AddKeyDialog
            provider={typeof provider === "string" ? provider : ""}
            onAdded={(name) => onChange(name)}
            onClose={() => setAdding(false)}
          />,
          document.querySelector('[data-part="app"]') ?? document.body,
        )}
    </>
  );
}

export interface AddKeyDialogProps {
  readonly provider: string;
  readonly onAdded: (name: string) => void;
  readonly onClose: () => void;
}

/** Sends a provider's key to the server, which seals it. It is never shown again. */
export function AddKeyDialog({ provider, onAdded, onClose }: AddKeyDialogProps) {
  const queries = useQueryClient();
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);

  async function store(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const missing: Record<string, string> = {};
    if (text("name") === "") missing.name = "Give the key a name.";
    if (text("key") === "") missing.key = "Paste the key.";
    setProblems(missing);
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    try {
      const baseUrl = text("base_url");
      const { name } = await createModelKey({
        name: text("name"),
        provider,
        key: text("key"),
        ...(baseUrl === "" ? {} : { base_url: baseUrl }),
      });
      await queries.invalidateQueries({ queryKey: ["model-keys"] });
      onAdded(name);
      onClose();
    } catch (error) {
      setBusy(false);
      const fields = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
      if (fields.length === 0) setProblems({ form: messageOf(error) });
      else setProblems(Object.fromEntries(fields.map(({ field, problem }) => [field, problem])));
    }
  }

  return (
    <Dialog title={`Add a key for ${wordsOfChoice(provider)}`} onClose={onClose}>
      <DialogForm onSubmit={(event) => void store(event)}>
        <Field title="Name" description="What it is called on the canvas." problem={problems.name}>
          {(ids) => <Input {...ids} name="name" maxLength={100} autoComplete="off" />}
        </Field>
        <Field title="Key" description="Sealed by the server and never shown again." problem={problems.key}>
          {(ids) => (
            <Input
              {...ids}
              name="key"
              type="password"
              autoComplete="off"
              spellCheck={false}
              maxLength={1_000}
            />
          )}
        </Field>
        <Field
          title="Base URL"
          description="The only place this key is ever sent to. Empty means the provider’s own."
          problem={problems.base_url}
        >
          {(ids) => <Input {...ids} name="base_url" inputMode="url" autoComplete="off" />}
        </Field>
        <Problem>{problems.form}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Store key
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
