import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type EntryGrantBody, type VaultEntryBody, vaultRights } from "../../../plugin/api/vault.ts";
import { listAgentUsers, listServiceKeys } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { setGrant } from "../api/vault-endpoints.ts";
import { Dialog } from "../kit/Dialog.tsx";
import { Field } from "../kit/Field.tsx";
import { Choice } from "../transfer/Choice.tsx";
import { rightWords } from "./entry-words.ts";

type Grantee = "agent_user" | "service_key";

export interface GrantDialogProps {
  readonly entry: VaultEntryBody;
  /** The one to change; absent for a new one. */
  readonly grant: EntryGrantBody | undefined;
  readonly onClose: () => void;
}

/** What somebody may do with an entry: each right with what it means. No right at all takes the grant away. */
export function GrantDialog({ entry, grant, onClose }: GrantDialogProps) {
  const queries = useQueryClient();
  const namesId = useId();
  const [kind, setKind] = useState<Grantee>("agent_user");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const agents = useQuery({ queryKey: ["agent-users"], queryFn: listAgentUsers, enabled: !grant });
  const keys = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys, enabled: !grant });
  const names =
    kind === "agent_user"
      ? agents.data?.agent_users.map(({ username }) => username)
      : keys.data?.keys.map(({ name }) => name);

  const save = async (rights: readonly (typeof vaultRights)[number][], name: string) => {
    if (name === "") return setProblem("Name an agent user or a service key.");
    if (!grant && rights.length === 0) return setProblem("Choose at least one right.");
    setBusy(true);
    try {
      const grantee = { kind: (grant?.grantee.kind ?? kind) as Grantee, name };
      const answer = await setGrant(entry.id, { grantee, rights: [...rights] });
      queries.setQueryData(["vault", "grants", entry.id], answer.grants);
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = form.getAll("rights");
    void save(
      vaultRights.filter((right) => chosen.includes(right)),
      grant?.grantee.name ?? String(form.get("name") ?? "").trim(),
    );
  };

  return (
    <Dialog title={grant ? `What ${grant.grantee.name} may do` : "Grant access"} onClose={onClose}>
      <form className="dialog__body" onSubmit={submit}>
        {!grant && (
          <>
            <Choice<Grantee>
              title="Who"
              value={kind}
              onChange={setKind}
              choices={[
                ["agent_user", "An agent"],
                ["service_key", "A service key"],
              ]}
            />
            <Field
              title="Name"
              description={
                kind === "agent_user"
                  ? "The agent’s username."
                  : "The key’s name, as it was given when it was made."
              }
            >
              {(ids) => (
                <input
                  {...ids}
                  className="input"
                  name="name"
                  list={namesId}
                  maxLength={300}
                  autoComplete="off"
                />
              )}
            </Field>
            <datalist id={namesId}>
              {names?.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
        <fieldset className="choice rights">
          <legend className="field__label">May</legend>
          {vaultRights.map((right) => (
            <label key={right} className="choice__row">
              <input
                type="checkbox"
                name="rights"
                value={right}
                defaultChecked={grant ? grant.rights.includes(right) : right === "codes"}
              />
              <span>
                {rightWords[right].name}
                <span className="field__help">{rightWords[right].means}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <p className="field__problem" role="alert">
          {problem}
        </p>
        <div className="dialog__foot">
          {grant && (
            <button
              type="button"
              className="button"
              disabled={busy}
              onClick={() => void save([], grant.grantee.name)}
            >
              Take it away
            </button>
          )}
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button--primary" disabled={busy}>
            {grant ? "Save" : "Grant"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
