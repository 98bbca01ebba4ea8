import { useQueryClient } from "@tanstack/react-query";
import { HandHelping, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { OpenedMessageBody } from "../../../plugin/api/inbox.ts";
import { deleteMessage, rereadMessage } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button, ButtonRow } from "../kit/Button.tsx";
import { deleteWithUndo } from "../kit/delete-with-undo.ts";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import { showToast } from "../kit/toasts.ts";
import { pathOfMessage } from "../pages/page-paths.ts";
import { goToPath } from "../router.ts";
import { HandOverDialog } from "./HandOverDialog.tsx";
import { MessageFacts } from "./MessageFacts.tsx";
import { nameOf } from "./message-words.ts";
import { ReadingView } from "./ReadingView.tsx";
import { useFreshInbox } from "./useMessages.ts";

/** An opened message: what is known of it, what can be done with it, and how it was read. */
export function MessageBody({ message }: { message: OpenedMessageBody }) {
  const queries = useQueryClient();
  const freshen = useFreshInbox();
  const [busy, setBusy] = useState(false);
  const [handing, setHanding] = useState(false);
  const { id, reading, taken } = message;

  async function reread() {
    setBusy(true);
    try {
      queries.setQueryData(["inbox-message", id], await rereadMessage(id));
      showToast({ text: "The message was read again." });
      await freshen();
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    } finally {
      setBusy(false);
    }
  }
  function remove() {
    goToPath(pathOfMessage(undefined), { replace: true });
    deleteWithUndo({ id, name: nameOf(message), send: deleteMessage, focusUndo: true }, () => void freshen());
  }
  return (
    <>
      <MessageFacts message={message} />
      <ButtonRow>
        {reading && (
          <>
            <Button disabled={busy} onClick={() => void reread()}>
              <RefreshCw size={14} aria-hidden />
              Read again
            </Button>
            {taken === null && (
              <Button onClick={() => setHanding(true)}>
                <HandHelping size={14} aria-hidden />
                Hand over…
              </Button>
            )}
          </>
        )}
        <Button onClick={remove}>
          <Trash2 size={14} aria-hidden />
          Delete
        </Button>
      </ButtonRow>
      <PanelSection aria-label="What was found">
        {reading ? (
          <ReadingView reading={reading} settled={taken !== null} />
        ) : (
          <Muted>The text was deleted; kept: sender, time, hash.</Muted>
        )}
      </PanelSection>
      {handing && reading && (
        <HandOverDialog message={message} reading={reading} onClose={() => setHanding(false)} />
      )}
    </>
  );
}
