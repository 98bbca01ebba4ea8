import { Fragment } from "react";
import { Dialog, DialogBody } from "../kit/Dialog.tsx";
import { Muted } from "../kit/text.tsx";
import styles from "./ShortcutSheet.module.css";
import { keyCaps, type Shortcut, shortcuts } from "./shortcuts.ts";

/** Every key there is, from the table that the handler reads. */
export const ShortcutSheet = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Keyboard shortcuts" onClose={onClose}>
    {/* It scrolls where the window is low, so it takes the focus. */}
    <DialogBody className={styles.sheet} role="region" tabIndex={0} aria-label="Keys">
      {[...Map.groupBy(shortcuts, ({ group }) => group)].map(([group, rows]) => (
        <section key={group} aria-label={group}>
          <h3>{group}</h3>
          <dl>
            {rows.map((row) => (
              <div key={row.id} className={styles.row}>
                <dt>{row.words}</dt>
                <dd>
                  <Chords row={row} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </DialogBody>
  </Dialog>
);

const Chords = ({ row }: { row: Shortcut }) =>
  row.keys.map((chord, index) => (
    <Fragment key={chord}>
      {index > 0 && <Muted as="span"> or </Muted>}
      {keyCaps(chord).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </Fragment>
  ));
