import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { changePerson, type PersonBody } from "../../api/people-endpoints.ts";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { useAction } from "../../kit/useAction.ts";
import { RoleChoice } from "./RoleChoice.tsx";

export interface RolesDialogProps {
  readonly person: PersonBody;
  readonly onClose: () => void;
}

/** Changes what a person may do, from their next request on. */
export function RolesDialog({ person, onClose }: RolesDialogProps) {
  const [held, setHeld] = useState(person.roles);
  const { busy, problem, setProblem, run } = useAction();
  const queries = useQueryClient();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (held.length === 0) return setProblem("Choose at least one role.");
    if (!(await run(() => changePerson(person.id, held)))) return;
    // Their own roles may be among them: then the studio's buttons change too.
    await Promise.all(
      ["people", "whoami", "me"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    );
    onClose();
  };
  return (
    <Dialog
      title={person.you ? "Your roles" : `Roles of ${person.name || person.email || "this person"}`}
      onClose={onClose}
    >
      <DialogForm onSubmit={(event) => void save(event)}>
        <RoleChoice held={held} onChange={(chosen) => setHeld([...chosen])} />
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Save
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
