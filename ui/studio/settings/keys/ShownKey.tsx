import { CopyField } from "../../kit/CopyField.tsx";
import { Dialog, DialogBody, DoneFoot } from "../../kit/Dialog.tsx";
import { Callout } from "../../kit/text.tsx";

interface ShownKeyProps {
  readonly name: string;
  readonly secret: string;
  /** What to do with it now. */
  readonly help: string;
  readonly onClose: () => void;
}

/** A key, shown now and never again. */
export const ShownKey = ({ name, secret, help, onClose }: ShownKeyProps) => (
  <Dialog key="shown" title={`The key “${name}”`} onClose={onClose}>
    <DialogBody>
      <Callout role="status">Copy the key now: it is shown only this once.</Callout>
      <CopyField title="Key" text={secret} help={help} />
      <DoneFoot onClose={onClose} />
    </DialogBody>
  </Dialog>
);
