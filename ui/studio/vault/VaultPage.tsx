import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "../kit/Button.tsx";
import { Input } from "../kit/Field.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { ListView } from "../pages/ListView.tsx";
import { PageFrame, PageNotice } from "../pages/PageFrame.tsx";
import { useMay } from "../person/whoami.ts";
import { useOfAddress } from "../router.ts";
import { EntryList } from "./EntryList.tsx";
import { EntryPanel } from "./EntryPanel.tsx";
import { createEntryCodes } from "./entry-codes.ts";
import { isFound } from "./entry-words.ts";
import { useEntries, useFreshVault } from "./useEntries.ts";
import styles from "./VaultPage.module.css";

const AddDialog = lazy(async () => ({ default: (await import("./add/AddDialog.tsx")).AddDialog }));

const TakeOriginsDialog = lazy(async () => ({
  default: (await import("./origins/TakeOriginsDialog.tsx")).TakeOriginsDialog,
}));

/** Every secret of outside services: who owns it, who reads it, when it was last used. */
export function VaultPage() {
  const [typed, setTyped] = useState("");
  const search = typed.trim();
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay("vault:write");
  const mayList = useMay("vault:read", "lists:read");
  const freshen = useFreshVault();
  const [nowhere, setNowhere] = useState(false);
  const [taking, setTaking] = useState(false);
  const query = useEntries(search, nowhere ? "nowhere" : undefined);
  const { entries, offsetMs, hasNextPage, isFetchingNextPage } = query;
  const [codes] = useState(() => createEntryCodes(() => void freshen()));
  const chosen = useOfAddress("entry");
  const now = Date.now() + offsetMs;
  const found = search === "" ? entries : entries?.filter((entry) => isFound(entry, search));

  return (
    <PageFrame
      title="Vault"
      actions={
        (entries?.length !== 0 || nowhere) && (
          <>
            <Button aria-pressed={nowhere} onClick={() => setNowhere(!nowhere)}>
              Belongs nowhere
            </Button>
            <Input
              className={styles.search}
              type="search"
              aria-label="Search the vault"
              placeholder="Search"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            {mayAdd && <AddButton onClick={() => setAdding(true)} />}
          </>
        )
      }
    >
      <ListView
        query={query}
        isRead={found !== undefined}
        words={{ loading: "Opening the vault…", unreadable: "The vault cannot be read" }}
        notices={
          <p className="totem-sr-only" role="status">
            {search === "" || !found ? "" : `${found.length} found`}
          </p>
        }
        empty={
          entries?.length === 0 &&
          !nowhere &&
          !hasNextPage &&
          (mayList ? (
            <EmptyVault onAdd={mayAdd ? () => setAdding(true) : undefined} />
          ) : (
            <PageNotice
              title="Nothing is granted to you"
              text="Your role does not include the vault. An entry that an operator, administrator or owner grants to you is shown here."
            />
          ))
        }
        panel={
          chosen !== undefined &&
          entries && (
            <EntryPanel
              key={chosen}
              id={chosen}
              known={entries.find(({ id }) => id === chosen)}
              codes={codes}
              offsetMs={offsetMs}
            />
          )
        }
      >
        {nowhere && mayAdd && entries?.length !== 0 && (
          <Callout as="div" className={styles.nowhere}>
            <span>No address is named for these, so their secrets are put into no request of an agent.</span>
            <Button onClick={() => setTaking(true)}>Take addresses from what is stored…</Button>
          </Callout>
        )}
        {found?.length === 0 && !isFetchingNextPage && (
          <Muted className={styles.none}>
            {search === "" ? "Every entry belongs somewhere." : `Nothing in the vault is called “${search}”.`}
          </Muted>
        )}
        <EntryList entries={found ?? []} chosen={chosen} now={now} />
      </ListView>
      {taking && (
        <Suspense>
          <TakeOriginsDialog onClose={() => setTaking(false)} />
        </Suspense>
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
  <Button kind="primary" onClick={onClick}>
    <Plus size={14} aria-hidden />
    Add
  </Button>
);

const EmptyVault = ({ onAdd }: { onAdd: (() => void) | undefined }) => (
  <PageNotice
    title="The vault is empty"
    text={`The vault holds the second factors and logins of outside services, so that an agent can sign in to them. ${
      onAdd
        ? "Where the service shows a QR code or a setup key, copy it and add it here; or import the export of another authenticator."
        : "An operator, administrator or owner adds them."
    }`}
  >
    {onAdd && <AddButton onClick={onAdd} />}
  </PageNotice>
);
