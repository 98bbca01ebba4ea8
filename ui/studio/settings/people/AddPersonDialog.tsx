import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Role } from "../../../../plugin/roles.ts";
import { createPerson } from "../../api/people-endpoints.ts";
import { CopyField } from "../../kit/CopyField.tsx";
import { Dialog, DialogBody, DialogForm, DoneFoot, FormFoot } from "../../kit/Dialog.tsx";
import { Input, Labelled, Problem } from "../../kit/Field.tsx";
import { useAction } from "../../kit/useAction.ts";
import { RoleChoice } from "./RoleChoice.tsx";
import { whoCanOpen } from "./who-can-open.ts";

/** Adds a person at once, with a link that signs them in for the first time. */
export function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const [held, setHeld] = useState<readonly Role[]>(["builder"]);
  const [made, setMade] = useState<{ readonly name: string; readonly sign_in_link: string }>();
  const { busy, problem, setProblem, run } = useAction();
  const queries = useQueryClient();
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const field = (name: string) => String(given.get(name) ?? "").trim();
    if (held.length === 0) return setProblem("Choose at least one role.");
    void run(async () => {
      setMade(await createPerson({ name: field("name"), email: field("email"), roles: held }));
      await queries.invalidateQueries({ queryKey: ["people"] });
    });
  };
  if (made)
    return (
      <Dialog title={`${made.name} is added`} onClose={onClose}>
        <DialogBody>
          <CopyField
            title="Sign-in link"
            text={made.sign_in_link}
            help={`Shown only now. It signs this person in once, within an hour.${whoCanOpen(made.sign_in_link)}`}
          />
          <DoneFoot onClose={onClose} />
        </DialogBody>
      </Dialog>
    );
  return (
    <Dialog title="Add a person by hand" onClose={onClose}>
      <DialogForm onSubmit={add}>
        <Labelled title="Name">
          <Input name="name" required maxLength={100} autoComplete="off" />
        </Labelled>
        <Labelled title="E-mail address">
          <Input name="email" type="email" required maxLength={254} autoComplete="off" />
        </Labelled>
        <RoleChoice held={held} onChange={setHeld} />
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Add
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
