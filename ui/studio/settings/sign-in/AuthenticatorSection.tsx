import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Me } from "../../../../plugin/api/people.ts";
import { removeSecondStep } from "../../api/second-step-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Input, Labelled, Problem } from "../../kit/Field.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { useAction } from "../../kit/useAction.ts";
import { SettingsSection } from "../SettingsSection.tsx";
import { NewAuthenticator } from "./NewAuthenticator.tsx";

/** The person's own authenticator app: its codes go with a password, and prove that it is them. */
export function AuthenticatorSection({ me }: { me: Me }) {
  const { on, backup_codes_left: left } = me.second_step;
  const [open, setOpen] = useState<"add" | "remove">();
  const queries = useQueryClient();
  const close = () => {
    setOpen(undefined);
    void queries.invalidateQueries({ queryKey: ["me"] });
  };
  return (
    <SettingsSection
      title="Authenticator app"
      text="An app on your telephone that shows a new code every 30 seconds. With a password it signs you in, and a code proves that it is you."
      actions={
        <Button onClick={() => setOpen(on ? "remove" : "add")}>
          {on ? "Remove the authenticator" : "Add an authenticator"}
        </Button>
      }
    >
      {on ? (
        <p>
          <Tag tone="good">On</Tag>{" "}
          {left === 0
            ? "No backup code is left. Remove the authenticator and add it again for new ones."
            : `${left} backup ${left === 1 ? "code is" : "codes are"} left.`}
        </p>
      ) : (
        <Muted>You have none.</Muted>
      )}
      {open === "add" && <NewAuthenticator me={me} onClose={close} />}
      {open === "remove" && <RemoveDialog onClose={close} />}
    </SettingsSection>
  );
}

function RemoveDialog({ onClose }: { onClose: () => void }) {
  const { busy, problem, run } = useAction();
  const remove = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "").replaceAll(" ", "");
    if (await run(() => removeSecondStep(code))) onClose();
  };
  return (
    <Dialog title="Remove the authenticator?" onClose={onClose}>
      <DialogForm onSubmit={(event) => void remove(event)}>
        <p>Its codes and your backup codes stop working, and with them the sign-in by password.</p>
        <Labelled title="A code of it, or a backup code">
          <Input name="code" mono required maxLength={64} autoComplete="one-time-code" spellCheck={false} />
        </Labelled>
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy} kind="warning">
          Remove
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
