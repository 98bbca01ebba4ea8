import { useState } from "react";
import { Button } from "../kit/Button.tsx";
import { NewPasskeyDialog } from "../person/NewPasskeyDialog.tsx";
import { useMe } from "../person/useMe.ts";
import styles from "./PasskeyBar.module.css";

/** On every page of the settings until the person has a passkey: nothing else asks for one. */
export function PasskeyBar() {
  const { data: me } = useMe();
  const [open, setOpen] = useState(false);
  if (!me || me.id === null || (me.passkeys.length > 0 && !open)) return null;
  return (
    <section className={styles.bar} aria-label="Passkey">
      <span>Add a passkey so that you can come back without the link</span>
      <Button kind="primary" onClick={() => setOpen(true)}>
        Add a passkey
      </Button>
      {open && <NewPasskeyDialog me={me} onClose={() => setOpen(false)} />}
    </section>
  );
}
