import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { OpenedMessageBody, ReadingBody } from "../../../plugin/api/inbox.ts";
import { answerWait, listWaits } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Dialog } from "../kit/Dialog.tsx";
import { relativeTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { fittingWaits, waitName, waitPlace } from "./fitting-waits.ts";
import { useFreshInbox } from "./useMessages.ts";

export interface HandOverDialogProps {
  readonly message: OpenedMessageBody;
  readonly reading: ReadingBody;
  readonly onClose: () => void;
}

/** Gives a code of this message to one of those who wait for it. It is handed out once, whoever gives it. */
export function HandOverDialog({ message, reading, onClose }: HandOverDialogProps) {
  const freshen = useFreshInbox();
  const waits = useQuery({
    queryKey: ["inbox", "waits"],
    queryFn: listWaits,
    staleTime: 0,
    refetchInterval: 2_000,
  });
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const fitting = fittingWaits(waits.data ?? [], message);
  const values = [
    ...new Set([
      ...(reading.value === undefined ? [] : [reading.value]),
      ...(reading.candidates ?? []).map(({ value }) => value),
    ]),
  ];

  async function give(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [wait, value] = [form.get("wait"), form.get("value")].map((one) => String(one ?? ""));
    if (!wait || !value) return setProblem("Choose who gets it, and which one.");
    setBusy(true);
    try {
      await answerWait(wait, { message_id: message.id, value });
      showToast({ text: "The code was handed over." });
      await freshen();
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }
  const nobody = waits.data !== undefined && fitting.length === 0;
  return (
    <Dialog title="Hand over" onClose={onClose}>
      <form className="dialog__body" onSubmit={(event) => void give(event)}>
        {values.length === 0 ? (
          <p className="muted">
            No code or link was found in this message, so there is nothing to hand over.
          </p>
        ) : waits.isPending ? (
          <p className="muted" role="status">
            Looking for who waits…
          </p>
        ) : nobody ? (
          <p className="muted" role="status">
            Nobody waits for a message like this one just now. A wait that begins is shown here.
          </p>
        ) : (
          <>
            <fieldset className="choice">
              <legend className="field__label">To</legend>
              {fitting.map((wait, index) => (
                <label key={wait.id} className="choice__row">
                  <input type="radio" name="wait" value={wait.id} defaultChecked={index === 0} />
                  <span>
                    {waitName(wait)}
                    <br />
                    <span className="field__help">
                      {waitPlace(wait)} {relativeTime(wait.begun_at, Date.now())}
                    </span>
                  </span>
                </label>
              ))}
            </fieldset>
            <fieldset className="choice">
              <legend className="field__label">What</legend>
              {values.map((value) => (
                <label key={value} className="choice__row">
                  <input type="radio" name="value" value={value} defaultChecked={value === reading.value} />
                  <code className="reading__value">{value}</code>
                </label>
              ))}
            </fieldset>
          </>
        )}
        <p className="field__problem" role="alert">
          {problem ?? (waits.error && messageOf(waits.error))}
        </p>
        <div className="dialog__foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          {values.length > 0 && fitting.length > 0 && (
            <button type="submit" className="button button--primary" disabled={busy}>
              Hand over
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
