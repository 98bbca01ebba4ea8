import { Eye } from "lucide-react";
import { useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { openEntryData } from "../api/vault-endpoints.ts";
import { Button, ButtonRow } from "../kit/Button.tsx";
import { CopyField } from "../kit/CopyField.tsx";
import { Dialog, DialogBody, DialogFoot } from "../kit/Dialog.tsx";
import { Problem } from "../kit/Field.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import { useAction } from "../kit/useAction.ts";

type Data = Readonly<Record<string, unknown>>;

/** What is stored with an entry beside its seed. It is opened after a second look, and gone from the page when it is closed. */
export function EntryData({ entry }: { entry: VaultEntryBody }) {
  const { busy, problem, run } = useAction();
  const [data, setData] = useState<Data>();
  const open = () => run(async () => setData((await openEntryData(entry.id)).data));
  return (
    <PanelSection aria-label="Stored data">
      <ButtonRow>
        <Button disabled={busy} onClick={() => void open()}>
          <Eye size={14} aria-hidden />
          Show its data…
        </Button>
      </ButtonRow>
      <Problem>{problem}</Problem>
      {data && <DataDialog name={entry.name} data={data} onClose={() => setData(undefined)} />}
    </PanelSection>
  );
}

interface DataDialogProps {
  readonly name: string;
  readonly data: Data;
  readonly onClose: () => void;
}

function DataDialog({ name, data, onClose }: DataDialogProps) {
  const fields = Object.entries(data);
  return (
    <Dialog title={`Data of ${name}`} onClose={onClose}>
      <DialogBody>
        <Muted>
          {fields.length === 0
            ? "Nothing is stored with this entry beside its seed."
            : "The audit log says that you read it."}
        </Muted>
        {fields.map(([title, value]) => (
          <CopyField
            key={title}
            title={title}
            text={typeof value === "string" ? value : JSON.stringify(value, undefined, 2)}
          />
        ))}
        <DialogFoot>
          <Button kind="primary" onClick={onClose}>
            Close
          </Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}
