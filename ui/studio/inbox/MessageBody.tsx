import { useQueryClient } from "@tanstack/react-query";
import { HandHelping, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { OpenedMessageBody } from "../../../plugin/api/inbox.ts";
import { deleteMessage, rereadMessage } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { deleteWithUndo } from "../kit/delete-with-undo.ts";
import { showToast } from "../kit/toasts.ts";
import { goToPath } from "../router.ts";
import { HandOverDialog } from "./HandOverDialog.tsx";
import { MessageFacts } from "./MessageFacts.tsx";
import { nameOf } from "./message-words.ts";
import { pathOfMessage } from "./path-of-inbox.ts";
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
      <div className="entry__deeds">
        {reading && (
          <>
            <button type="button" className="button" disabled={busy} onClick={() => void reread()}>
              <RefreshCw size={14} aria-hidden />
              Read again
            </button>
            {taken === null && (
              <button type="button" className="button" onClick={() => setHanding(true)}>
                <HandHelping size={14} aria-hidden />
                Hand over…
              </button>
            )}
          </>
        )}
        <button type="button" className="button" onClick={remove}>
          <Trash2 size={14} aria-hidden />
          Delete
        </button>
      </div>
      <section className="panel__section" aria-label="What was found">
        {reading ? (
          <ReadingView reading={reading} settled={taken !== null} />
        ) : (
          <p className="muted">The text was deleted; kept: sender, time, hash.</p>
        )}
      </section>
      {handing && reading && (
        <HandOverDialog message={message} reading={reading} onClose={() => setHanding(false)} />
      )}
    </>
  );
}
