import { Fragment } from "react";
import { Dialog } from "../kit/Dialog.tsx";
import { keyCaps, type Shortcut, shortcuts } from "./shortcuts.ts";

/** Every key there is, from the table that the handler reads. */
export const ShortcutSheet = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Keyboard shortcuts" onClose={onClose}>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where the window is low. */}
    <section className="dialog__body shortcut-sheet" tabIndex={0} aria-label="Keys">
      {[...Map.groupBy(shortcuts, ({ group }) => group)].map(([group, rows]) => (
        <section key={group} aria-label={group}>
          <h3>{group}</h3>
          <dl>
            {rows.map((row) => (
              <div key={row.id} className="shortcut-sheet__row">
                <dt>{row.words}</dt>
                <dd>
                  <Chords row={row} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </section>
  </Dialog>
);

const Chords = ({ row }: { row: Shortcut }) =>
  row.keys.map((chord, index) => (
    <Fragment key={chord}>
      {index > 0 && <span className="muted"> or </span>}
      {keyCaps(chord).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </Fragment>
  ));
