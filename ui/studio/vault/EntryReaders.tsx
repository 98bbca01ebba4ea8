import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { EntryGrantBody, VaultEntryBody } from "../../../plugin/api/vault.ts";
import { listServiceKeys } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { type EntryReader, listGrants } from "../api/vault-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { Problem } from "../kit/Field.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { useMay } from "../person/whoami.ts";
import styles from "./EntryPanel.module.css";
import { principalWords, rightsInWords } from "./entry-words.ts";
import { GrantDialog } from "./GrantDialog.tsx";

/** Everyone who may use an entry, what they may do with it, and why. */
export function EntryReaders({ entry, now }: { entry: VaultEntryBody; now: number }) {
  const manages = entry.rights.includes("manage");
  const readsLists = useMay("lists:read");
  const seesKeys = useMay("keys:manage", "lists:read");
  const sees = manages || readsLists;
  const { data, error } = useQuery({
    queryKey: ["vault", "grants", entry.id],
    queryFn: () => listGrants(entry.id),
    enabled: sees,
  });
  const keys = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys, enabled: sees && seesKeys });
  const [editing, setEditing] = useState<EntryGrantBody | "new">();
  const wideKeys = (keys.data?.keys ?? []).filter(
    ({ scopes, expires_at }) =>
      scopes.includes("admin") && (expires_at === null || Date.parse(expires_at) > now),
  );
  const owned = entry.owner.kind === "administrator";
  return (
    <PanelSection aria-label="Who can use it">
      <h3>Who can use it</h3>
      <ul className={styles.readers}>
        <li>
          <strong>{principalWords(entry.owner)}</strong>
          <Muted as="span">
            {owned ? "Owns it: people use it by their roles." : "Owns it and may do everything."}
          </Muted>
        </li>
        {data?.people.filter(isNotJustGranted(data.grants)).map(({ id, name, roles, rights, because }) => (
          <li key={id}>
            <strong>{`${name} (${roles.join(", ")})`}</strong>
            <span>{rightsInWords(rights)}</span>
            <Muted as="span">{because}</Muted>
          </li>
        ))}
        {wideKeys
          .filter(({ name }) => !(entry.owner.kind === "service_key" && entry.owner.name === name))
          .map(({ id, name }) => (
            <li key={id}>
              <strong>{principalWords({ kind: "service_key", name })}</strong>
              <Muted as="span">May do everything: it has the scope admin.</Muted>
            </li>
          ))}
        {data?.grants.map((grant) => (
          <li key={`${grant.grantee.kind} ${grant.grantee.id ?? grant.grantee.name}`}>
            <strong>{principalWords(grant.grantee)}</strong>
            <span>{rightsInWords(grant.rights)}</span>
            <Muted as="span" title={exactTime(grant.created_at)}>
              Granted by {grant.created_by}.{reachInWords(grant)}
            </Muted>
            {manages && grant.grantee.kind !== "administrator" && (
              <Button
                kind="link"
                aria-label={`Change what ${grant.grantee.name} may do`}
                onClick={() => setEditing(grant)}
              >
                Change
              </Button>
            )}
          </li>
        ))}
      </ul>
      {error && <Problem>{messageOf(error)}</Problem>}
      {!sees && <Muted>Only managers of the entry see who else may use it.</Muted>}
      {manages && (
        <Button className={styles.grant} onClick={() => setEditing("new")}>
          <UserPlus size={14} aria-hidden />
          Grant access…
        </Button>
      )}
      {editing !== undefined && (
        <GrantDialog
          entry={entry}
          grant={editing === "new" ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </PanelSection>
  );
}

const reachInWords = ({ grantee, outside_canvas }: EntryGrantBody): string =>
  grantee.kind !== "agent_user"
    ? ""
    : outside_canvas
      ? " Also outside the canvas."
      : " Outside the canvas only codes, while its canvas has the wire.";

/** Whom a grant names is shown with that grant, unless a role lets them do more than it. */
const isNotJustGranted =
  (grants: readonly EntryGrantBody[]) =>
  ({ id, rights }: EntryReader): boolean =>
    !grants.some((grant) => grant.grantee.id === id && grant.rights.length >= rights.length);
