import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createHostKey } from "../api/host-endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import { Dialog } from "../kit/Dialog.tsx";
import { Field } from "../kit/Field.tsx";
import { Choice } from "../transfer/Choice.tsx";
import { freeName } from "./free-name.ts";
import { type HostKind, hostKinds, type KindOfHost } from "./host-kinds.ts";
import { NewKey } from "./NewKey.tsx";

export interface ConnectDialogProps {
  /** Names that keys have already. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

const [firstKind] = hostKinds;
const kindOf = (wanted: HostKind): KindOfHost | undefined =>
  hostKinds.find(({ kind }) => kind === wanted) ?? firstKind;

/** Makes a key for a builder, and says where it goes. */
export function ConnectDialog({ taken, onClose }: ConnectDialogProps) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<HostKind>("n8n");
  const [typed, setTyped] = useState<string>();
  const [made, setMade] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const chosen = kindOf(kind);
  const name = typed ?? freeName(chosen?.keyName ?? "", taken);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return setProblem("Give it a name.");
    setBusy(true);
    setProblem(undefined);
    try {
      setMade((await createHostKey(name.trim())).key);
      await queries.invalidateQueries({ queryKey: ["service-keys"] });
    } catch (error) {
      const fields = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
      setProblem(fields.find(({ field }) => field === "name")?.problem ?? messageOf(error));
      setBusy(false);
    }
  };
  if (made !== undefined && chosen)
    return (
      <Dialog title={`The key “${name.trim()}”`} onClose={onClose}>
        <NewKey secret={made} kind={chosen} onDone={onClose} />
      </Dialog>
    );
  return (
    <Dialog title="Connect a host" onClose={onClose}>
      <form className="dialog__body" onSubmit={(event) => void make(event)}>
        <Choice<HostKind>
          title="What is it?"
          value={kind}
          onChange={setKind}
          choices={hostKinds.map((one) => [one.kind, one.words] as const)}
        />
        <Field title="Name" description="What its key is called here and in the audit log." problem={problem}>
          {(ids) => (
            <input
              {...ids}
              className="input"
              maxLength={100}
              autoComplete="off"
              value={name}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <p className="muted">
          The key may call tools for one installation of a builder and nothing else. Which one that is, its
          first call says; after that no other can use it.
        </p>
        <p className="muted">
          Langflow, Dify, Claude Desktop and Cursor need no key: they take an address for one agent. Make it
          in the agent’s settings on the canvas, under Identity.
        </p>
        <div className="dialog__foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button--primary" disabled={busy}>
            Make the key
          </button>
        </div>
      </form>
    </Dialog>
  );
}
