import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answerWait, listWaits, openWait } from "../../api/inbox-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { Dialog, DialogFoot, DialogForm } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import { showToast } from "../../kit/toasts.ts";
import { waitSentence } from "../fitting-waits.ts";
import { useFreshInbox } from "../useMessages.ts";
import { PickForm } from "./PickForm.tsx";
import { isOneCode, readAnswer, titleOf } from "./pick-words.ts";

export interface PickCodeProps {
  readonly waitId: string;
  readonly onClose: () => void;
}

/** Says which code a waiting agent is to get: one of those that arrived, or one that a person has from elsewhere. */
export function PickCode({ waitId, onClose }: PickCodeProps) {
  const wait = useQuery({
    queryKey: ["inbox-wait", waitId],
    queryFn: () => openWait(waitId),
    staleTime: 0,
    // Codes are in it: nothing stays in the page once the dialog is closed.
    gcTime: 0,
  });
  const waits = useQuery({ queryKey: ["inbox", "waits"], queryFn: listWaits });
  const [problem, setProblem] = useState<string>();
  const freshen = useFreshInbox();
  const [busy, setBusy] = useState(false);

  async function give(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const answer = readAnswer(new FormData(event.currentTarget), wait.data?.candidates ?? []);
    if (answer === undefined) return setProblem("Pick a code, or type the one you have.");
    setBusy(true);
    try {
      await answerWait(waitId, answer);
      showToast({ text: "The agent has its code." });
      void freshen();
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }
  const over = wait.data && wait.data.state !== "waiting";
  const open = over ? undefined : wait.data;
  const isOne = open !== undefined && isOneCode(open, waits.data ?? []);
  return (
    <Dialog title={titleOf(open, isOne)} onClose={onClose}>
      <DialogForm onSubmit={(event) => void give(event)}>
        {wait.data && <Muted>{waitSentence(wait.data)}</Muted>}
        {isOne && <p>One code, but more than one run waits for it: choose the run.</p>}
        {over ? (
          <p role="status">No agent waits for this code any more.</p>
        ) : wait.data ? (
          <PickForm candidates={wait.data.candidates} />
        ) : (
          !wait.error && <Muted role="status">Looking at what arrived…</Muted>
        )}
        <Problem>{problem ?? (wait.error && messageOf(wait.error))}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>{over ? "Close" : "Cancel"}</Button>
          {wait.data && !over && (
            <Button type="submit" kind="primary" disabled={busy}>
              Give the code
            </Button>
          )}
        </DialogFoot>
      </DialogForm>
    </Dialog>
  );
}
