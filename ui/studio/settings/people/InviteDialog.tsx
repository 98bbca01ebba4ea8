import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Role } from "../../../../plugin/roles.ts";
import { createInvitation } from "../../api/people-endpoints.ts";
import { CopyField } from "../../kit/CopyField.tsx";
import { Dialog, DialogBody, DialogForm, DoneFoot, FormFoot } from "../../kit/Dialog.tsx";
import { Input, Labelled, Problem } from "../../kit/Field.tsx";
import { useAction } from "../../kit/useAction.ts";
import { RoleChoice } from "./RoleChoice.tsx";
import { whoCanOpen } from "./who-can-open.ts";

/** Invites a person by a link, which is shown once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [held, setHeld] = useState<readonly Role[]>(["builder"]);
  const [made, setMade] = useState<{ readonly email: string; readonly link: string }>();
  const { busy, problem, setProblem, run } = useAction();
  const queries = useQueryClient();
  const invite = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email") ?? "").trim();
    if (held.length === 0) return setProblem("Choose at least one role.");
    void run(async () => {
      setMade(await createInvitation({ email, roles: held }));
      await queries.invalidateQueries({ queryKey: ["invitations"] });
    });
  };
  if (made)
    return (
      <Dialog title="The invitation is made" onClose={onClose}>
        <DialogBody>
          <CopyField
            title="Invitation link"
            text={made.link}
            help={`Shown only now. Send it to ${made.email}: it works once, within 72 hours.${whoCanOpen(made.link)}`}
          />
          <DoneFoot onClose={onClose} />
        </DialogBody>
      </Dialog>
    );
  return (
    <Dialog title="Invite a person" onClose={onClose}>
      <DialogForm onSubmit={invite}>
        <Labelled title="E-mail address">
          <Input name="email" type="email" required maxLength={254} autoComplete="off" />
        </Labelled>
        <RoleChoice held={held} onChange={setHeld} />
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Invite
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
