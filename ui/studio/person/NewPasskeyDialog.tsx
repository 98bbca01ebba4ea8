import type { Me } from "../../../plugin/api/people.ts";
import { Button } from "../kit/Button.tsx";
import { Dialog, DialogBody, DialogFoot } from "../kit/Dialog.tsx";
import { showToast } from "../kit/toasts.ts";
import { NewPasskey } from "./NewPasskey.tsx";

export interface NewPasskeyDialogProps {
  readonly me: Me;
  readonly onClose: () => void;
}

/** Adds a passkey; where it is too late for a first one, it says how to come back in time. */
export function NewPasskeyDialog({ me, onClose }: NewPasskeyDialogProps) {
  const tooLate = me.passkeys.length === 0 && !me.second_step.on && !me.may_enrol_first_factor;
  const added = () => {
    showToast({ text: "The passkey is added." });
    onClose();
  };
  return (
    <Dialog title="Add a passkey" onClose={onClose}>
      <DialogBody>
        {tooLate ? (
          <p>
            A first passkey is added within 10 minutes of a sign-in by a link. Open a new sign-in link
            (restart Totem or run <code>totem people link</code>), then add one.
          </p>
        ) : (
          <NewPasskey onAdded={added} />
        )}
        <DialogFoot>
          <Button onClick={onClose}>{tooLate ? "Close" : "Cancel"}</Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}
