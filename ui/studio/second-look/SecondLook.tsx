import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import { type FormEvent, useEffect, useRef } from "react";
import type { Me } from "../../../plugin/api/people.ts";
import { proofPasskeyOptions, proveByCode, proveByPasskey, readMe } from "../api/people-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Dialog, DialogBody, DialogFoot, DialogForm } from "../kit/Dialog.tsx";
import { Input, Labelled, Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { useAction } from "../kit/useAction.ts";
import { NewPasskey } from "../person/NewPasskey.tsx";
import { askForPasskey, passkeyObstacle } from "../person/passkeys.ts";

export interface SecondLookProps {
  readonly onAnswer: (proved: boolean) => void;
}

/** Asks the person to prove that it is them, over whatever they are doing. That goes on afterwards. */
export function SecondLook({ onAnswer }: SecondLookProps) {
  const queries = useQueryClient();
  // Read anew each time: a factor may have been added or removed in another window.
  const { data, error } = useQuery({ queryKey: ["me", "second look"], queryFn: readMe, gcTime: 0 });
  const proved = () => {
    onAnswer(true);
    void queries.invalidateQueries({ queryKey: ["me"], exact: true });
  };
  return (
    <Dialog title="Prove that it is you" onClose={() => onAnswer(false)}>
      {data ? (
        <Ways me={data} onProved={proved} onCancel={() => onAnswer(false)} />
      ) : (
        <DialogBody aria-busy={!error}>
          <Muted>{error ? messageOf(error) : "One moment…"}</Muted>
        </DialogBody>
      )}
    </Dialog>
  );
}

interface WaysProps {
  readonly me: Me;
  readonly onProved: () => void;
  readonly onCancel: () => void;
}

function Ways({ me, onProved, onCancel }: WaysProps) {
  const obstacle = me.passkeys.length > 0 ? passkeyObstacle() : undefined;
  const byPasskey = me.passkeys.length > 0 && !obstacle;
  if (me.passkeys.length === 0 && !me.second_step.on)
    return <NoFactor me={me} onProved={onProved} onCancel={onCancel} />;
  return (
    <>
      <DialogBody>
        <Muted>
          This gives access, shows a secret or cannot be undone. Your proof is good for 10 minutes.
        </Muted>
        {byPasskey && <ByPasskey onProved={onProved} />}
        {obstacle && <p>{obstacle.text}</p>}
      </DialogBody>
      {me.second_step.on ? (
        <ByCode second={byPasskey} onProved={onProved} onCancel={onCancel} />
      ) : (
        <DialogBody>
          <DialogFoot>
            <Button onClick={onCancel}>Cancel</Button>
          </DialogFoot>
        </DialogBody>
      )}
    </>
  );
}

function ByPasskey({ onProved }: Pick<WaysProps, "onProved">) {
  const { busy, problem, run } = useAction();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const prove = async () => {
    if (await run(async () => proveByPasskey(await askForPasskey(proofPasskeyOptions)))) onProved();
  };
  return (
    <>
      <Button ref={button} kind="primary" disabled={busy} onClick={() => void prove()}>
        <Fingerprint size={15} aria-hidden /> {busy ? "Waiting for your passkey…" : "Use a passkey"}
      </Button>
      <Problem>{problem}</Problem>
    </>
  );
}

function ByCode({ second, onProved, onCancel }: Omit<WaysProps, "me"> & { readonly second: boolean }) {
  const { busy, problem, setProblem, run } = useAction();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!second) field.current?.focus();
  }, [second]);
  const prove = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "").replaceAll(" ", "");
    if (code === "") return setProblem("Type the code that your authenticator shows.");
    if (await run(() => proveByCode(code))) onProved();
    else field.current?.select();
  };
  return (
    <DialogForm onSubmit={(event) => void prove(event)}>
      <Labelled
        title={second ? "Or a code of your authenticator" : "Code of your authenticator, or a backup code"}
      >
        <Input
          ref={field}
          mono
          name="code"
          inputMode="text"
          autoComplete="one-time-code"
          spellCheck={false}
          maxLength={64}
          aria-invalid={problem !== undefined}
          aria-describedby="second-look-problem"
        />
      </Labelled>
      <Problem id="second-look-problem">{problem}</Problem>
      <DialogFoot>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" kind={second ? "plain" : "primary"} disabled={busy}>
          {busy ? "Checking…" : "Continue"}
        </Button>
      </DialogFoot>
    </DialogForm>
  );
}

/** Without a factor there is nothing to prove with. One is added now, or after a sign-in by a new link. */
const NoFactor = ({ me, onProved, onCancel }: WaysProps) => (
  <DialogBody>
    {me.may_enrol_first_factor ? (
      <>
        <p>You have no passkey yet. Add one now, and this goes on.</p>
        <NewPasskey onAdded={onProved} />
      </>
    ) : (
      <p>
        You have no passkey yet. Open a new sign-in link (restart Totem or run <code>totem people link</code>
        ), then add one.
      </p>
    )}
    <DialogFoot>
      <Button onClick={onCancel}>Cancel</Button>
    </DialogFoot>
  </DialogBody>
);
