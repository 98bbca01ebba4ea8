import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { TrustedIssuerBody } from "../../../../plugin/api/workload.ts";
import { type NewIssuer, saveIssuer } from "../../api/workload-endpoints.ts";
import { Choice } from "../../kit/Choice.tsx";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Field, Input, Labelled, Problem, Select, TextArea } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import { type FormProblems, problemsOf } from "./form-problems.ts";
import { type KeysFrom, type Preset, type PresetName, presetNames, presetOf, presets } from "./presets.ts";

const ages: readonly (readonly [seconds: number, words: string])[] = [
  [300, "5 minutes"],
  [900, "15 minutes"],
  [3_600, "An hour"],
  [86_400, "A day"],
];

interface IssuerDialogProps {
  /** The one to change; a new one without it. */
  readonly stored?: TrustedIssuerBody;
  readonly onClose: () => void;
}

/** Trusts an issuer: what it is, its address, and where its keys are. */
export function IssuerDialog({ stored, onClose }: IssuerDialogProps) {
  const queries = useQueryClient();
  const [name, setName] = useState<PresetName>("kubernetes");
  const preset: Preset = stored ? presetOf(stored.issuer) : presets[name];
  const [from, setFrom] = useState<KeysFrom>(stored?.keys_from ?? preset.keysFrom);
  const [problems, setProblems] = useState<FormProblems>({});
  const [busy, setBusy] = useState(false);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const field = (key: string) => String(given.get(key) ?? "").trim();
    const keys = from === "stored" ? readJson(field("jwks")) : null;
    if (keys === undefined) return setProblems({ jwks: "This is not JSON. It begins with {“keys”: […" });
    setBusy(true);
    try {
      const body: NewIssuer = {
        name: field("name"),
        kind: preset.kind,
        issuer: field("issuer"),
        jwks_url: from === "address" ? field("jwks_url") : null,
        jwks: keys as NewIssuer["jwks"],
        max_age: Number(field("max_age")),
      };
      await saveIssuer(body, stored?.id);
      await queries.invalidateQueries({ queryKey: ["workload-identity"] });
      onClose();
    } catch (error) {
      setProblems(problemsOf(error, ["name", "issuer", "jwks_url", "jwks"]));
    } finally {
      setBusy(false);
    }
  }

  const isSpiffe = preset.kind === "spiffe";
  return (
    <Dialog wide title={stored ? `Change the issuer “${stored.name}”` : "Trust an issuer"} onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)} onChange={() => setProblems({})}>
        {!stored && (
          <Labelled title="What it is">
            <Select
              value={name}
              onChange={({ target }) => {
                const chosen = target.value as PresetName;
                setName(chosen);
                setFrom(presets[chosen].keysFrom);
              }}
            >
              {presetNames.map((one) => (
                <option key={one} value={one}>
                  {presets[one].title}
                </option>
              ))}
            </Select>
          </Labelled>
        )}
        <Muted>{preset.words}</Muted>
        <Field title="Name" description="What rules and the audit log call it." problem={problems.name}>
          {(ids) => (
            <Input
              {...ids}
              key={name}
              name="name"
              required
              maxLength={100}
              autoComplete="off"
              defaultValue={stored?.name ?? preset.title}
            />
          )}
        </Field>
        <Field
          title={isSpiffe ? "Trust domain" : "Issuer"}
          description={isSpiffe ? "spiffe:// and its name." : "Exactly as its tokens say it in iss."}
          problem={problems.issuer}
        >
          {(ids) => (
            <Input
              {...ids}
              key={name}
              name="issuer"
              required
              maxLength={1_000}
              spellCheck={false}
              placeholder={preset.issuer}
              defaultValue={stored?.issuer ?? (preset.isFixed ? preset.issuer : undefined)}
            />
          )}
        </Field>
        <Choice<KeysFrom>
          title="Its public keys"
          value={from}
          onChange={setFrom}
          choices={[
            ...(isSpiffe ? [] : ([["discovery", "Totem finds them by the issuer’s own document"]] as const)),
            ["address", isSpiffe ? "The bundle is at an address" : "They are at another address"],
            ["stored", "I paste them: this server cannot reach the issuer"],
          ]}
        />
        {from === "address" && (
          <Field
            title={isSpiffe ? "Address of the bundle" : "Address of the keys"}
            problem={problems.jwks_url}
          >
            {(ids) => (
              <Input
                {...ids}
                name="jwks_url"
                type="url"
                required
                maxLength={2_000}
                spellCheck={false}
                defaultValue={stored?.jwks_url ?? undefined}
              />
            )}
          </Field>
        )}
        {from === "stored" && (
          <Field
            title="Keys"
            description="A JSON Web Key Set of public keys. When the issuer changes its keys, paste them again."
            problem={problems.jwks}
          >
            {(ids) => (
              <TextArea
                {...ids}
                mono
                name="jwks"
                rows={6}
                required
                spellCheck={false}
                placeholder={'{"keys": [{"kty": "RSA", …}]}'}
                defaultValue={stored?.jwks ? JSON.stringify(stored.jwks, null, 2) : undefined}
              />
            )}
          </Field>
        )}
        <Field title="Oldest token" description="A token that was issued longer ago does not get in.">
          {(ids) => (
            <Select {...ids} name="max_age" defaultValue={stored?.max_age ?? 3_600}>
              {agesWith(stored?.max_age).map(([seconds, words]) => (
                <option key={seconds} value={seconds}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {stored && <Muted>To save ends all tokens that came of this issuer. Programs take new ones.</Muted>}
        <Problem>{problems.form}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          {stored ? "Save" : "Trust it"}
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}

/** An age that was set over HTTP stays as it is. */
const agesWith = (stored: number | undefined): typeof ages =>
  stored === undefined || ages.some(([seconds]) => seconds === stored)
    ? ages
    : [...ages, [stored, `${stored} seconds`] as const];

/** undefined for what is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
