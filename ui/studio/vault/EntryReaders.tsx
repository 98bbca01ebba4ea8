import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { EntryGrantBody, VaultEntryBody } from "../../../plugin/api/vault.ts";
import { listServiceKeys } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { listGrants } from "../api/vault-endpoints.ts";
import { exactTime } from "../kit/times.ts";
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
    <section className="panel__section" aria-label="Who can use it">
      <h3>Who can use it</h3>
      <ul className="access">
        <li>
          <strong>{principalWords(entry.owner)}</strong>
          <span className="muted">
            {owned ? "Own it and may do everything." : "Owns it and may do everything."}
          </span>
        </li>
        {!owned && (
          <li>
            <strong>Administrators</strong>
            <span className="muted">May do everything; each use is in the audit log.</span>
          </li>
        )}
        {administrators
          .filter(({ name }) => !(entry.owner.kind === "service_key" && entry.owner.name === name))
          .map(({ id, name }) => (
            <li key={id}>
              <strong>{principalWords({ kind: "service_key", name })}</strong>
              <span className="muted">May do everything: it has the scope admin.</span>
            </li>
          ))}
        {grants.data?.map((grant) => (
          <li key={`${grant.grantee.kind} ${grant.grantee.name}`}>
            <strong>{principalWords(grant.grantee)}</strong>
            <span>{rightsInWords(grant.rights)}</span>
            <span className="muted" title={exactTime(grant.created_at)}>
              Granted by {grant.created_by}.
            </span>
            {grant.grantee.kind !== "administrator" && (
              <button
                type="button"
                className="button button--link"
                aria-label={`Change what ${grant.grantee.name} may do`}
                onClick={() => setEditing(grant)}
              >
                Change
              </button>
            )}
          </li>
        ))}
      </ul>
      {grants.error && (
        <p className="field__problem" role="alert">
          {messageOf(grants.error)}
        </p>
      )}
      {!manages && <p className="muted">Who else may use it is told to those who manage it.</p>}
      {manages && (
        <button type="button" className="button" onClick={() => setEditing("new")}>
          <UserPlus size={14} aria-hidden />
          Grant access…
        </button>
      )}
      {editing !== undefined && (
        <GrantDialog
          entry={entry}
          grant={editing === "new" ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </section>
  );
}
