import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type EntryGrantBody, type VaultEntryBody, vaultRights } from "../../../plugin/api/vault.ts";
import { listAgentUsers, listServiceKeys } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { setGrant } from "../api/vault-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { Choice, ChoiceGroup, ChoiceRow } from "../kit/Choice.tsx";
import { Dialog, DialogFoot, DialogForm } from "../kit/Dialog.tsx";
import { Field, Help, Input, Problem } from "../kit/Field.tsx";
import { rightWords } from "./entry-words.ts";

type Grantee = "agent_user" | "service_key";

export interface GrantDialogProps {
  readonly entry: VaultEntryBody;
  /** The one to change; absent for a new one. */
  readonly grant: EntryGrantBody | undefined;
  readonly onClose: () => void;
}

/** What an agent or a key may do with an entry: each right with what it means. No right at all removes the grant. */
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
      <DialogForm onSubmit={submit}>
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
                kind === "agent_user" ? "The agent’s username." : "The name the key was created with."
              }
            >
              {(ids) => <Input {...ids} name="name" list={namesId} maxLength={300} autoComplete="off" />}
            </Field>
            <datalist id={namesId}>
              {names?.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
        <ChoiceGroup title="May">
          {vaultRights.map((right) => (
            <ChoiceRow key={right}>
              <input
                type="checkbox"
                name="rights"
                value={right}
                defaultChecked={grant ? grant.rights.includes(right) : right === "codes"}
              />
              <span>
                {rightWords[right].name}
                <Help as="span">{rightWords[right].means}</Help>
              </span>
            </ChoiceRow>
          ))}
        </ChoiceGroup>
        <Problem>{problem}</Problem>
        <DialogFoot>
          {grant && (
            <Button disabled={busy} onClick={() => void save([], grant.grantee.name)}>
              Take it away
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={busy}>
            {grant ? "Save" : "Grant"}
          </Button>
        </DialogFoot>
      </DialogForm>
    </Dialog>
  );
}
