import { CopyField } from "../kit/CopyField.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import type { KindOfHost } from "./host-kinds.ts";

export interface NewKeyProps {
  readonly secret: string;
  readonly name: string;
  readonly kind: KindOfHost;
  readonly onClose: () => void;
}

/** A key that was just made: shown now and never again. */
export const NewKey = ({ secret, name, kind, onClose }: NewKeyProps) => (
  <Dialog title={`The key “${name}”`} onClose={onClose}>
    <div className="dialog__body">
      <p className="notice" role="status">
        Copy the key now: it is shown only this once.
      </p>
      <CopyField title="Key" text={secret} />
      <CopyField
        title="URL"
        text={location.origin}
        help="This server, as your browser reaches it. A host that runs elsewhere may know it by another name."
      />
      <p>{kind.what}</p>
      <p className="muted">
        Step by step, with pictures: <code>{kind.page}</code>.
      </p>
      <div className="dialog__foot">
        <button type="button" className="button button--primary" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  </Dialog>
);
