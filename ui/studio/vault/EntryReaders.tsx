import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { EntryGrantBody, VaultEntryBody } from "../../../plugin/api/vault.ts";
import { listServiceKeys } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { listGrants } from "../api/vault-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { Problem } from "../kit/Field.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import styles from "./EntryPanel.module.css";
import { principalWords, rightsInWords } from "./entry-words.ts";
import { GrantDialog } from "./GrantDialog.tsx";

/** Everyone who may use an entry, what they may do with it, and why. */
export function EntryReaders({ entry, now }: { entry: VaultEntryBody; now: number }) {
  const manages = entry.rights.includes("manage");
  const grants = useQuery({
    queryKey: ["vault", "grants", entry.id],
    queryFn: () => listGrants(entry.id),
    enabled: manages,
  });
  const keys = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys, enabled: manages });
  const [editing, setEditing] = useState<EntryGrantBody | "new">();
  const administrators = (keys.data?.keys ?? []).filter(
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
            {owned ? "Own it and may do everything." : "Owns it and may do everything."}
          </Muted>
        </li>
        {!owned && (
          <li>
            <strong>Administrators</strong>
            <Muted as="span">May do everything; each use is in the audit log.</Muted>
          </li>
        )}
        {administrators
          .filter(({ name }) => !(entry.owner.kind === "service_key" && entry.owner.name === name))
          .map(({ id, name }) => (
            <li key={id}>
              <strong>{principalWords({ kind: "service_key", name })}</strong>
              <Muted as="span">May do everything: it has the scope admin.</Muted>
            </li>
          ))}
        {grants.data?.map((grant) => (
          <li key={`${grant.grantee.kind} ${grant.grantee.name}`}>
            <strong>{principalWords(grant.grantee)}</strong>
            <span>{rightsInWords(grant.rights)}</span>
            <Muted as="span" title={exactTime(grant.created_at)}>
              Granted by {grant.created_by}.
            </Muted>
            {grant.grantee.kind !== "administrator" && (
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
      {grants.error && <Problem>{messageOf(grants.error)}</Problem>}
      {!manages && <Muted>Only managers of the entry see who else may use it.</Muted>}
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
