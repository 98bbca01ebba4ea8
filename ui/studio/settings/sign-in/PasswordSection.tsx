import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Me } from "../../../../plugin/api/people.ts";
import { removePassword, setPassword } from "../../api/people-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { ConfirmDialog, Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Help, Input, Labelled, Problem } from "../../kit/Field.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { showToast } from "../../kit/toasts.ts";
import { useAction } from "../../kit/useAction.ts";
import { SettingsSection } from "../SettingsSection.tsx";

/** A password, for devices without a passkey. It signs in only together with a code. */
export function PasswordSection({ me }: { me: Me }) {
  const [open, setOpen] = useState<"set" | "remove">();
  const queries = useQueryClient();
  const close = () => setOpen(undefined);
  const changed = () => queries.invalidateQueries({ queryKey: ["me"] });
  const missing = [
    ...(me.email === null ? ["an e-mail address"] : []),
    ...(me.second_step.on || me.passkeys.length > 0 ? [] : ["a passkey or an authenticator"]),
  ];
  return (
    <SettingsSection
      title="Password"
      text="For a device without your passkeys. A password signs you in only together with a passkey or a code of your authenticator."
      actions={
        <>
          <Button
            disabled={missing.length > 0}
            title={missing.length > 0 ? `It needs ${missing.join(" and ")} first.` : undefined}
            onClick={() => setOpen("set")}
          >
            {me.has_password ? "Change the password" : "Set a password"}
          </Button>
          {me.has_password && (
            <Button kind="quiet" onClick={() => setOpen("remove")}>
              Remove
            </Button>
          )}
        </>
      }
    >
      {me.has_password ? (
        <p>
          <Tag tone="good">Set</Tag>
        </p>
      ) : (
        <Muted>
          {missing.length > 0 ? `You have none. It needs ${missing.join(" and ")} first.` : "You have none."}
        </Muted>
      )}
      {open === "set" && <SetDialog me={me} onClose={close} onSet={changed} />}
      {open === "remove" && (
        <ConfirmDialog
          title="Remove your password?"
          text="You sign in by passkey, single sign-on or link then. Your other sessions end."
          confirm="Remove"
          run={async () => {
            await removePassword();
            await changed();
          }}
          onClose={close}
        />
      )}
    </SettingsSection>
  );
}

interface SetDialogProps {
  readonly me: Me;
  readonly onClose: () => void;
  readonly onSet: () => Promise<unknown>;
}

function SetDialog({ me, onClose, onSet }: SetDialogProps) {
  const { busy, problem, run } = useAction();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    if (!(await run(() => setPassword(password)))) return;
    await onSet();
    showToast({ text: "The password is set. Your other sessions have ended." });
    onClose();
  };
  return (
    <Dialog title={me.has_password ? "Change the password" : "Set a password"} onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)}>
        <input type="hidden" name="username" autoComplete="username" value={me.email ?? ""} readOnly />
        <Labelled title="New password">
          <Input
            name="password"
            type="password"
            required
            autoComplete="new-password"
            aria-describedby="password-rules password-problem"
          />
        </Labelled>
        <Help id="password-rules">
          At least 12 characters, and not one that many people use. A sentence of four or more words is good.
        </Help>
        <Problem id="password-problem">{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Set the password
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
