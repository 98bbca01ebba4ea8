import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import "../styles/vault.css";
import { messageOf } from "../api/request.ts";

import { PageFrame } from "../pages/PageFrame.tsx";
import { PageNotice } from "../pages/PageNotice.tsx";
import { useOfAddress } from "../router.ts";
import { EntryList } from "./EntryList.tsx";
import { EntryPanel } from "./EntryPanel.tsx";
import { createEntryCodes } from "./entry-codes.ts";
import { isFound } from "./entry-words.ts";
import { useEntries, useFreshVault } from "./useEntries.ts";

const AddDialog = lazy(async () => ({ default: (await import("./add/AddDialog.tsx")).AddDialog }));

/** Every secret of outside services kept here: whose it is, who reads it, when it was last used. */
export function VaultPage() {
  const [typed, setTyped] = useState("");
  const search = typed.trim();
  const [adding, setAdding] = useState(false);
  const freshen = useFreshVault();
  const { entries, offsetMs, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useEntries(search);
  const [codes] = useState(() => createEntryCodes(() => void freshen()));
  const chosen = useOfAddress("entry");
  const now = Date.now() + offsetMs;
  const found = search === "" ? entries : entries?.filter((entry) => isFound(entry, search));

  return (
    <PageFrame
      title="Vault"
      actions={
        entries?.length !== 0 && (
          <>
            <input
              className="input vault__search"
              type="search"
              aria-label="Search the vault"
              placeholder="Search"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <AddButton onClick={() => setAdding(true)} />
          </>
        )
      }
    >
      {error && !entries ? (
        <PageNotice
          title="The vault cannot be read"
          text={messageOf(error)}
          action={{ label: "Try again", run: () => void refetch() }}
        />
      ) : !entries || !found ? (
        <PageNotice busy title="Opening the vault…" />
      ) : entries.length === 0 && !hasNextPage ? (
        <EmptyVault onAdd={() => setAdding(true)} />
      ) : (
        <div className="vault" data-panel={chosen === undefined ? undefined : ""}>
          <div className="vault__list">
            <p className="totem-sr-only" role="status">
              {search === "" ? "" : `${found.length} found`}
            </p>
            {found.length === 0 && !isFetchingNextPage && (
              <p className="vault__none muted">Nothing in the vault is called “{search}”.</p>
            )}
            <EntryList entries={found} chosen={chosen} now={now} />
            {hasNextPage && (
              <button
                type="button"
                className="button button--quiet"
                disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {isFetchingNextPage ? "Reading more…" : "Show more"}
              </button>
            )}
          </div>
          {chosen !== undefined && (
            <EntryPanel
              key={chosen}
              id={chosen}
              known={entries.find(({ id }) => id === chosen)}
              codes={codes}
              offsetMs={offsetMs}
            />
          )}
        </div>
      )}
      {adding && (
        <Suspense>
          <AddDialog
            taken={entries?.map(({ name }) => name) ?? []}
            codes={codes}
            offsetMs={offsetMs}
            onClose={() => setAdding(false)}
          />
        </Suspense>
      )}
    </PageFrame>
  );
}

const AddButton = ({ onClick }: { onClick: () => void }) => (
  <button type="button" className="button button--primary" onClick={onClick}>
    <Plus size={14} aria-hidden />
    Add
  </button>
);

const EmptyVault = ({ onAdd }: { onAdd: () => void }) => (
  <section className="page__nothing">
    <div>
      <h3>Nothing is kept here yet</h3>
      <p className="muted">
        The vault holds the second factors and logins of outside services, so that an agent can sign in to
        them. Where the service shows a QR code or a setup key, copy it and add it here; or import the export
        of another authenticator.
      </p>
    </div>
    <AddButton onClick={onAdd} />
  </section>
);
