import { useEffect, useRef } from "react";
import { CopyField } from "../kit/CopyField.tsx";
import type { KindOfHost } from "./host-kinds.ts";

export interface NewKeyProps {
  readonly secret: string;
  readonly kind: KindOfHost;
  readonly onDone: () => void;
}

/** A key that was just made: shown now and never again. It takes the place of the form that made it, and its focus. */
export function NewKey({ secret, kind, onDone }: NewKeyProps) {
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => body.current?.querySelector("input")?.focus(), []);
  return (
    <div ref={body} className="dialog__body">
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
        <button type="button" className="button button--primary" onClick={onDone}>
          Done
        </button>
      </div>
    </div>
  );
}
