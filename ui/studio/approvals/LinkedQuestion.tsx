import { useQuery } from "@tanstack/react-query";
import { openQuestionLink } from "../api/approval-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Dialog, DialogBody } from "../kit/Dialog.tsx";
import { Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { QuestionCard } from "./QuestionCard.tsx";

export interface LinkedQuestionProps {
  readonly token: string;
  readonly onClose: () => void;
}

/** The one question that a link from a message means. */
export function LinkedQuestion({ token, onClose }: LinkedQuestionProps) {
  const { data, error } = useQuery({
    queryKey: ["question by link", token],
    queryFn: () => openQuestionLink(token),
    gcTime: 0,
    retry: false,
  });
  return (
    <Dialog title="A question waits" onClose={onClose}>
      <DialogBody aria-busy={!data && !error}>
        {error ? (
          <Problem>{messageOf(error)}</Problem>
        ) : data ? (
          <QuestionCard question={data} onLeave={onClose} />
        ) : (
          <Muted>Reading the question…</Muted>
        )}
      </DialogBody>
    </Dialog>
  );
}
