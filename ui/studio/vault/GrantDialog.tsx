import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type EntryGrantBody, type VaultEntryBody, vaultRights } from "../../../plugin/api/vault.ts";
import { type Role, roles } from "../../../plugin/roles.ts";
import { listAgentUsers, listServiceKeys } from "../api/account-endpoints.ts";
import { listPeople } from "../api/people-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { type NewGrant, setGrant } from "../api/vault-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { Choice, ChoiceGroup, ChoiceRow } from "../kit/Choice.tsx";
import { Dialog, DialogFoot, DialogForm } from "../kit/Dialog.tsx";
import { Field, Help, Input, Problem, Select } from "../kit/Field.tsx";
import { nameOfPerson } from "../person/role-words.ts";
import { useMay } from "../person/whoami.ts";
import { rightWords } from "./entry-words.ts";

type GranteeKind = "agent_user" | "service_key" | "person" | "role";

const kindWords: Readonly<Record<GranteeKind, { choice: string; title: string; help: string }>> = {
  agent_user: { choice: "An agent", title: "Name", help: "The agent’s username." },
  service_key: { choice: "A service key", title: "Name", help: "The name the key was created with." },
  person: { choice: "A person", title: "Person", help: "One person, whatever their roles." },
  role: { choice: "A role", title: "Role", help: "Everyone who has this role, now or later." },
};

export interface GrantDialogProps {
  readonly entry: VaultEntryBody;
  /** The one to change; absent for a new one. */
  readonly grant: EntryGrantBody | undefined;
  readonly onClose: () => void;
}

/** What an agent, a key, a person or a role may do with an entry: each right with what it means. No right at all removes the grant. */
export function GrantDialog({ entry, grant, onClose }: GrantDialogProps) {
  const queries = useQueryClient();
  const namesId = useId();
  const [kind, setKind] = useState<GranteeKind>("agent_user");
  const seesPeople = useMay("people:manage", "lists:read");
  const seesKeys = useMay("keys:manage", "lists:read");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const agents = useQuery({ queryKey: ["agent-users"], queryFn: listAgentUsers, enabled: !grant });
  const keys = useQuery({
    queryKey: ["service-keys"],
    queryFn: listServiceKeys,
    enabled: !grant && seesKeys,
  });
  const people = useQuery({ queryKey: ["people"], queryFn: listPeople, enabled: !grant && seesPeople });
  const names =
    kind === "agent_user"
      ? agents.data?.agent_users.map(({ username }) => username)
      : keys.data?.keys.map(({ name }) => name);

  const toAgent = (grant?.grantee.kind ?? kind) === "agent_user";

  const save = async (
    rights: readonly (typeof vaultRights)[number][],
    grantee: NewGrant["grantee"],
    outside?: boolean,
  ) => {
    if ("name" in grantee && grantee.name.trim() === "")
      return setProblem("Name an agent user or a service key.");
    if (!grant && rights.length === 0) return setProblem("Choose at least one right.");
    setBusy(true);
    try {
      const answer = await setGrant(entry.id, {
        grantee,
        rights: [...rights],
        ...(outside === undefined ? {} : { outside_canvas: outside }),
      });
      queries.setQueryData(["vault", "grants", entry.id], answer);
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
      grant ? granteeOf(grant) : granteeNamed(kind, String(form.get("name") ?? "").trim()),
      toAgent ? form.has("outside_canvas") : undefined,
    );
  };

  return (
    <Dialog title={grant ? `What ${grant.grantee.name} may do` : "Grant access"} onClose={onClose}>
      <DialogForm onSubmit={submit}>
        {!grant && (
          <>
            <Choice<GranteeKind>
              title="Who"
              value={kind}
              onChange={setKind}
              choices={(Object.keys(kindWords) as GranteeKind[])
                .filter((one) => one !== "person" || seesPeople)
                .map((one) => [one, kindWords[one].choice] as const)}
            />
            <Field key={kind} title={kindWords[kind].title} description={kindWords[kind].help}>
              {(ids) =>
                kind === "person" ? (
                  <Select {...ids} name="name">
                    {people.data?.people.map((person) => (
                      <option key={person.id} value={person.id}>
                        {nameOfPerson(person)}
                      </option>
                    ))}
                  </Select>
                ) : kind === "role" ? (
                  <Select {...ids} name="name">
                    {Object.entries(roles).map(([name, { title }]) => (
                      <option key={name} value={name}>
                        {title}
                      </option>
                    ))}
                  </Select>
                ) : (
                  <Input {...ids} name="name" list={namesId} maxLength={300} autoComplete="off" />
                )
              }
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
        {toAgent && (
          <ChoiceGroup title="Where">
            <ChoiceRow>
              <input type="checkbox" name="outside_canvas" defaultChecked={grant?.outside_canvas ?? false} />
              <span>
                Also outside the canvas
                <Help as="span">
                  Its own key, its sessions and its MCP addresses have these rights without a wire. Left out,
                  they get codes only, while Vault TOTP is wired to the agent.
                </Help>
              </span>
            </ChoiceRow>
          </ChoiceGroup>
        )}
        <Problem>{problem}</Problem>
        <DialogFoot>
          {grant && (
            <Button disabled={busy} onClick={() => void save([], granteeOf(grant))}>
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

/** A person by the id: names are not unique. */
const granteeNamed = (kind: GranteeKind, name: string): NewGrant["grantee"] =>
  kind === "person" ? { kind, id: name } : kind === "role" ? { kind, name: name as Role } : { kind, name };

const granteeOf = ({ grantee: { kind, name, id } }: EntryGrantBody): NewGrant["grantee"] =>
  granteeNamed(kind as GranteeKind, id ?? name);
