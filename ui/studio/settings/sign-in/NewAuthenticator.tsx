import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Me } from "../../../../plugin/api/people.ts";
import { messageOf } from "../../api/request.ts";
import {
  confirmSecondStep,
  type EnrolledSecondStep,
  enrolSecondStep,
} from "../../api/second-step-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { CopyField } from "../../kit/CopyField.tsx";
import { Dialog, DialogBody, DialogFoot, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { download } from "../../kit/download.ts";
import { Input, Labelled, Problem } from "../../kit/Field.tsx";
import { Callout, Muted } from "../../kit/text.tsx";
import { useAction } from "../../kit/useAction.ts";
import { QrCode } from "./QrCode.tsx";

export interface NewAuthenticatorProps {
  readonly me: Me;
  readonly onClose: () => void;
}

/** Adds an authenticator: a QR code that is shown once, a first code, then the backup codes, also once. */
export function NewAuthenticator({ me, onClose }: NewAuthenticatorProps) {
  const [confirmed, setConfirmed] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["new second step"],
    queryFn: enrolSecondStep,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  return (
    <Dialog title={confirmed ? "Your backup codes" : "Add an authenticator"} onClose={onClose}>
      {!data ? (
        <DialogBody>
          {error ? <Callout>{messageOf(error)}</Callout> : <Muted>One moment…</Muted>}
          <DialogFoot>
            <Button onClick={onClose}>Close</Button>
          </DialogFoot>
        </DialogBody>
      ) : confirmed ? (
        <BackupCodes codes={data.backup_codes} name={me.name} onClose={onClose} />
      ) : (
        <Confirm enrolled={data} onConfirmed={() => setConfirmed(true)} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface ConfirmProps {
  readonly enrolled: EnrolledSecondStep;
  readonly onConfirmed: () => void;
  readonly onClose: () => void;
}

function Confirm({ enrolled, onConfirmed, onClose }: ConfirmProps) {
  const { busy, problem, run } = useAction();
  const secret = new URL(enrolled.otpauth_uri).searchParams.get("secret") ?? "";
  const confirm = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "").replaceAll(" ", "");
    if (await run(() => confirmSecondStep(code))) onConfirmed();
  };
  return (
    <DialogForm onSubmit={(event) => void confirm(event)}>
      <Muted>Scan this with your authenticator app. It is shown only now.</Muted>
      <QrCode text={enrolled.otpauth_uri} label="QR code for your authenticator app" />
      <CopyField title="Or type this secret into the app" text={secret} />
      <Labelled title="Code that the app shows">
        <Input
          name="code"
          mono
          required
          inputMode="numeric"
          maxLength={10}
          autoComplete="one-time-code"
          spellCheck={false}
        />
      </Labelled>
      <Problem>{problem}</Problem>
      <FormFoot onClose={onClose} busy={busy}>
        Turn it on
      </FormFoot>
    </DialogForm>
  );
}

interface BackupCodesProps {
  readonly codes: readonly string[];
  readonly name: string;
  readonly onClose: () => void;
}

const BackupCodes = ({ codes, name, onClose }: BackupCodesProps) => {
  const text = codes.join("\n");
  return (
    <DialogBody>
      <p>Each works once, for when you do not have your telephone. They are shown only now: store them.</p>
      <CopyField title="Backup codes" text={text} />
      <DialogFoot>
        <Button
          onClick={() =>
            download(
              "totem-backup-codes.txt",
              `Totem backup codes of ${name || "you"}\n\n${text}\n`,
              "text/plain",
            )
          }
        >
          Download
        </Button>
        <Button kind="primary" onClick={onClose}>
          I have stored them
        </Button>
      </DialogFoot>
    </DialogBody>
  );
};
