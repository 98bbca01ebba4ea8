import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { OpenedMessageBody, ReadingBody } from "../../../plugin/api/inbox.ts";
import { answerWait, listWaits } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { ChoiceGroup, ChoiceRow } from "../kit/Choice.tsx";
import { Dialog, DialogFoot, DialogForm } from "../kit/Dialog.tsx";
import { Help, Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { relativeTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { FoundValue } from "./FoundMark.tsx";
import { fittingWaits, runWords, waitName } from "./fitting-waits.ts";
import { useFreshInbox } from "./useMessages.ts";

export interface HandOverDialogProps {
  readonly message: OpenedMessageBody;
  readonly reading: ReadingBody;
  readonly onClose: () => void;
}

/** Gives a code of this message to one of those who wait for it. It is handed out once, by a person or by the server. */
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
  const noWait = waits.data !== undefined && fitting.length === 0;
  return (
    <Dialog title="Hand over" onClose={onClose}>
      <DialogForm onSubmit={(event) => void give(event)}>
        {values.length === 0 ? (
          <Muted>No code or link was found in this message, so there is nothing to hand over.</Muted>
        ) : waits.isPending ? (
          <Muted role="status">Looking for who waits…</Muted>
        ) : noWait ? (
          <Muted role="status">
            No agent waits for a message like this one now. A new wait appears here.
          </Muted>
        ) : (
          <>
            <ChoiceGroup title="To">
              {fitting.map((wait, index) => (
                <ChoiceRow key={wait.id}>
                  <input type="radio" name="wait" value={wait.id} defaultChecked={index === 0} />
                  <span>
                    {waitName(wait)}
                    <Help as="span">
                      {runWords(wait)} {relativeTime(wait.begun_at, Date.now())}
                    </Help>
                  </span>
                </ChoiceRow>
              ))}
            </ChoiceGroup>
            <ChoiceGroup title="What">
              {values.map((value) => (
                <ChoiceRow key={value}>
                  <input type="radio" name="value" value={value} defaultChecked={value === reading.value} />
                  <FoundValue small value={value} />
                </ChoiceRow>
              ))}
            </ChoiceGroup>
          </>
        )}
        <Problem>{problem ?? (waits.error && messageOf(waits.error))}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          {values.length > 0 && fitting.length > 0 && (
            <Button type="submit" kind="primary" disabled={busy}>
              Hand over
            </Button>
          )}
        </DialogFoot>
      </DialogForm>
    </Dialog>
  );
}
