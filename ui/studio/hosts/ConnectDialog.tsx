import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { createHostKey, type Installation } from "../api/host-endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Choice, ChoiceGroup, ChoiceRow } from "../kit/Choice.tsx";
import { CopyField } from "../kit/CopyField.tsx";
import { Dialog, DialogBody, DialogFoot, DialogForm, FormFoot } from "../kit/Dialog.tsx";
import { Field, Input } from "../kit/Field.tsx";
import { freeName } from "../kit/free-name.ts";
import { Callout, Muted } from "../kit/text.tsx";
import {
  type HostKind,
  hostInWords,
  hostKinds,
  type KindOfHost,
  kindOfHost,
  shortInstance,
} from "./host-kinds.ts";

export interface ConnectDialogProps {
  /** Names that keys have already. */
  readonly taken: readonly string[];
  /** One that has a key already. The new key names it: by a call, no further key gets in. */
  readonly installation?: Installation | undefined;
  readonly onClose: () => void;
}

const [firstKind] = hostKinds;
const kindOf = (wanted: HostKind): KindOfHost | undefined =>
  hostKinds.find(({ kind }) => kind === wanted) ?? firstKind;

const inWords = ({ host, host_instance }: Installation): string =>
  `${hostInWords(host)} · ${shortInstance(host_instance)}`;

/** Makes a key for a builder, and says where it goes. */
export function ConnectDialog({ taken, installation, onClose }: ConnectDialogProps) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<HostKind>(installation ? kindOfHost(installation.host) : "n8n");
  const [typed, setTyped] = useState<string>();
  const [made, setMade] = useState<{ readonly name: string; readonly key: string }>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [signedHere, setSigned] = useState<boolean>();
  // Our own packages sign by themselves. A program of the user's does when it is given a key pair.
  const signed = signedHere ?? (kind === "n8n" || kind === "flowise");
  const chosen = kindOf(kind);
  const name = typed ?? freeName(chosen?.keyName ?? "", taken);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return setProblem("Give it a name.");
    setBusy(true);
    setProblem(undefined);
    try {
      const own = name.trim();
      setMade({ name: own, key: (await createHostKey({ ...installation, name: own, signed })).key });
      await queries.invalidateQueries({ queryKey: ["service-keys"] });
    } catch (error) {
      const fields = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
      setProblem(fields.find(({ field }) => field === "name")?.problem ?? messageOf(error));
      setBusy(false);
    }
  };
  if (made !== undefined && chosen)
    return (
      <Dialog title={`The key “${made.name}”`} onClose={onClose}>
        <NewKey secret={made.key} kind={chosen} onDone={onClose} />
      </Dialog>
    );
  return (
    <Dialog
      title={installation ? `Another key for ${inWords(installation)}` : "Connect a host"}
      onClose={onClose}
    >
      <DialogForm onSubmit={(event) => void make(event)}>
        {!installation && (
          <Choice<HostKind>
            title="What is it?"
            value={kind}
            onChange={setKind}
            choices={hostKinds.map((one) => [one.kind, one.words] as const)}
          />
        )}
        <Field title="Name" description="What its key is called here and in the audit log." problem={problem}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={100}
              autoComplete="off"
              value={name}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <ChoiceGroup title="Machine">
          <ChoiceRow>
            <input type="checkbox" checked={signed} onChange={(event) => setSigned(event.target.checked)} />
            Its calls must be signed by a machine that I confirm
          </ChoiceRow>
          <Muted>
            {signed
              ? "At its first call the host shows a fingerprint, and it waits here for you. A copied key is worth nothing."
              : "A copied key is enough to call as this host, until you confirm a machine of it."}
          </Muted>
        </ChoiceGroup>
        {installation ? (
          <Muted>
            The key may call tools for this installation and nothing else. It gets the same identities as the
            installation’s other keys.
          </Muted>
        ) : (
          <>
            <Muted>
              The key may call tools for one installation of a builder and nothing else. Its first call says
              which one; that must be one without a key. For an installation that is listed here, use “Another
              key” beside its name.
            </Muted>
            <Muted>
              Langflow, Dify, Claude Desktop and Cursor need no key: they take an address for one agent.
              Create it in the agent’s settings on the canvas, under Identity.
            </Muted>
          </>
        )}
        <FormFoot onClose={onClose} busy={busy}>
          Create the key
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}

interface NewKeyProps {
  readonly secret: string;
  readonly kind: KindOfHost;
  readonly onDone: () => void;
}

/** A new key, shown only now. It replaces the form that created it, and gets its focus. */
function NewKey({ secret, kind, onDone }: NewKeyProps) {
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => body.current?.querySelector("input")?.focus(), []);
  return (
    <DialogBody ref={body}>
      <Callout role="status">Copy the key now: it is shown only this once.</Callout>
      <CopyField title="Key" text={secret} />
      <CopyField
        title="URL"
        text={location.origin}
        help="This server, as your browser reaches it. A host that runs elsewhere may know it by another name."
      />
      <p>{kind.what}</p>
      <Muted>
        Step by step, with pictures: <code>{kind.page}</code>.
      </Muted>
      <DialogFoot>
        <Button kind="primary" onClick={onDone}>
          Done
        </Button>
      </DialogFoot>
    </DialogBody>
  );
}
