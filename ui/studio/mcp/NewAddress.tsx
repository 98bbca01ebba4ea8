import { CopyField } from "../kit/CopyField.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { mcpAddress, mcpServersJson } from "./mcp-forms.ts";

export interface NewAddressProps {
  readonly username: string;
  readonly token: string;
  readonly onClose: () => void;
}

/** An address that was just made: shown now and never again, in the forms that hosts take. */
export function NewAddress({ username, token, onClose }: NewAddressProps) {
  const address = mcpAddress(location.origin, token);
  return (
    <Dialog title="Connect over MCP" onClose={onClose}>
      <div className="dialog__body">
        <p className="notice" role="status">
          Copy it now: it is shown only this once. Whoever has this address acts as <code>{username}</code>.
        </p>
        <CopyField
          title="Address"
          text={address}
          help="For Langflow, Dify and Claude’s connectors. If the host runs elsewhere, put the name it knows this server by in front of /mcp."
        />
        <CopyField
          title="JSON"
          text={mcpServersJson(address)}
          help="For Cursor’s mcp.json, and others that take this form."
        />
        <p className="muted">
          One address for one agent: two chats that share it are one identity here. What to paste where:{" "}
          <code>docs/hosts/README.md</code>.
        </p>
        <div className="dialog__foot">
          <button type="button" className="button button--primary" onClick={onClose}>
            Done
          </button>
        </div>
      </div>
    </Dialog>
  );
}
