import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ServiceKeyBody } from "../../../../plugin/api/keys.ts";
import { rotateServiceKey } from "../../api/account-endpoints.ts";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Field, Problem, Select } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import { useAction } from "../../kit/useAction.ts";
import { ShownKey } from "./ShownKey.tsx";

const overlaps: readonly (readonly [seconds: number, words: string])[] = [
  [0, "At once: it may be known to others"],
  [3_600, "In an hour"],
  [86_400, "In a day"],
  [604_800, "In 7 days"],
];

/** Gives a key a new secret, and time to bring it to its program. */
export function RotateKeyDialog({
  of: key,
  onClose,
}: {
  readonly of: ServiceKeyBody;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const { busy, problem, run } = useAction();
  const [secret, setSecret] = useState<string>();
  const rotate = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const overlap = Number(new FormData(event.currentTarget).get("overlap"));
    void run(async () => {
      setSecret((await rotateServiceKey(key.id, overlap)).key);
      await queries.invalidateQueries({ queryKey: ["service-keys"] });
    });
  };
  if (secret !== undefined)
    return (
      <ShownKey
        name={key.name}
        secret={secret}
        help="Bring it to the program before the old one ends."
        onClose={onClose}
      />
    );
  return (
    <Dialog key="form" title={`Rotate the key “${key.name}”`} onClose={onClose}>
      <DialogForm onSubmit={rotate}>
        <p>The program gets a new key. Name, scopes and expiry stay as they are.</p>
        <Field title="The old key ends" description="Until then both are accepted.">
          {(ids) => (
            <Select {...ids} name="overlap" defaultValue={86_400}>
              {overlaps.map(([seconds, words]) => (
                <option key={seconds} value={seconds}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {key.previous_until !== null && (
          <Muted>This key was rotated a short time ago: the key before that rotation ends at once.</Muted>
        )}
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Rotate
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
