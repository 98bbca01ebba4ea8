import { useState } from "react";
import { type TakenOrigins, takeOrigins } from "../../api/vault-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { Dialog, DialogBody, DialogFoot, DoneFoot } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import { useAction } from "../../kit/useAction.ts";
import { useFreshVault } from "../useEntries.ts";
import styles from "./EntryOrigins.module.css";

/** Gives all entries that belong nowhere the addresses that are stored in them, and shows what was written. */
export function TakeOriginsDialog({ onClose }: { onClose: () => void }) {
  const freshen = useFreshVault();
  const { busy, problem, run } = useAction();
  const [done, setDone] = useState<{ taken: TakenOrigins["entries"]; without: number }>();
  const take = () =>
    run(async () => {
      const taken: TakenOrigins["entries"] = [];
      let without = 0;
      let after: string | undefined;
      do {
        const part = await takeOrigins(after);
        taken.push(...part.entries);
        without += part.without;
        after = part.next ?? undefined;
      } while (after !== undefined);
      await freshen();
      setDone({ taken, without });
    });
  if (done)
    return (
      <Dialog title="Where they belong now" onClose={onClose}>
        <DialogBody>
          <p role="status">
            {done.taken.length === 0
              ? "No entry has an address stored in it."
              : `${done.taken.length} ${done.taken.length === 1 ? "entry belongs" : "entries belong"} to the addresses stored in them. Look through them: what is wrong here is changed in the entry.`}{" "}
            {done.without > 0 && `${done.without} hold no address: say there yourself where they belong.`}
          </p>
          <ul className={styles.taken}>
            {done.taken.map(({ id, name, origins }) => (
              <li key={id}>
                <strong>{name}</strong> <code>{origins.join(", ")}</code>
              </li>
            ))}
          </ul>
          <DoneFoot onClose={onClose} />
        </DialogBody>
      </Dialog>
    );
  return (
    <Dialog title="Take addresses from what is stored" onClose={onClose}>
      <DialogBody>
        <p>
          Entries that belong nowhere get the addresses of the login pages stored in them (url, website,
          uris). The server opens the data to read them; nothing else of it is shown or changed.
        </p>
        <Muted>An entry without such an address stays as it is.</Muted>
        <Problem>{problem}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={busy} onClick={() => void take()}>
            {busy ? "Reading…" : "Take them"}
          </Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}
