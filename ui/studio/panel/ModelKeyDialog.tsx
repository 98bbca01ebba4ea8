import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ModelKeyBody } from "../../../plugin/api/keys.ts";
import { createModelKey, replaceModelKey } from "../api/account-endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import { Dialog, DialogForm, FormFoot } from "../kit/Dialog.tsx";
import { Field, Input, Problem } from "../kit/Field.tsx";
import { wordsOfChoice } from "./config-fields.ts";

type ModelKeyDialogProps = { readonly onClose: () => void } & (
  | {
      readonly provider: string;
      readonly replaces?: undefined;
      /** Told of the new key's name. */
      readonly onAdded?: (name: string) => void;
    }
  | { readonly replaces: ModelKeyBody }
);

/** Sends a provider's key to the server, which seals it: under a new name, or in the place of an old key. */
export function ModelKeyDialog(props: ModelKeyDialogProps) {
  const { onClose, replaces } = props;
  const queries = useQueryClient();
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);

  async function store(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (field: string) => String(form.get(field) ?? "").trim();
    const missing: Record<string, string> = {};
    if (!replaces && text("name") === "") missing.name = "Give the key a name.";
    if (text("key") === "") missing.key = "Paste the key.";
    setProblems(missing);
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    const baseUrl = text("base_url");
    const sent = { key: text("key"), ...(baseUrl === "" ? {} : { base_url: baseUrl }) };
    try {
      if (props.replaces) await replaceModelKey(props.replaces.name, sent);
      else await createModelKey({ name: text("name"), provider: props.provider, ...sent });
      await queries.invalidateQueries({ queryKey: ["model-keys"] });
      if (!props.replaces) props.onAdded?.(text("name"));
      onClose();
    } catch (error) {
      setBusy(false);
      const fields = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
      setProblems(
        fields.length === 0
          ? { form: messageOf(error) }
          : Object.fromEntries(fields.map(({ field, problem }) => [field, problem])),
      );
    }
  }

  return (
    <Dialog
      title={
        props.replaces
          ? `Replace the key “${props.replaces.name}”`
          : `Add a key for ${wordsOfChoice(props.provider)}`
      }
      onClose={onClose}
    >
      <DialogForm onSubmit={(event) => void store(event)}>
        {replaces ? (
          <p>The workflows that name it go on with the new key.</p>
        ) : (
          <Field title="Name" description="What it is called on the canvas." problem={problems.name}>
            {(ids) => <Input {...ids} name="name" maxLength={100} autoComplete="off" />}
          </Field>
        )}
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
          description={
            replaces
              ? "Where the new key is sent. Empty leaves the address as it is."
              : "The only place this key is ever sent to. Empty means the provider’s own."
          }
          problem={problems.base_url}
        >
          {(ids) => (
            <Input
              {...ids}
              name="base_url"
              inputMode="url"
              autoComplete="off"
              defaultValue={replaces?.base_url}
            />
          )}
        </Field>
        <Problem>{problems.form}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          {replaces ? "Replace" : "Store key"}
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
