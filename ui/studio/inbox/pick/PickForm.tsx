import { useEffect, useRef } from "react";
import type { OpenedWaitBody } from "../../../../plugin/api/inbox.ts";
import { ChoiceGroup, ChoiceRow } from "../../kit/Choice.tsx";
import { Field, Help, Input } from "../../kit/Field.tsx";
import { relativeTime } from "../../kit/times.ts";
import { FoundValue } from "../FoundMark.tsx";
import { senderOf } from "../message-words.ts";
import styles from "./PickForm.module.css";
import { byHand, contextParts } from "./pick-words.ts";

/** What could be meant, each with who sent it, and a place for a code that came another way. */
export function PickForm({ candidates }: Pick<OpenedWaitBody, "candidates">) {
  const hand = useRef<HTMLInputElement>(null);
  const first = useRef<HTMLInputElement>(null);
  // The dialog was open before there was anything to pick from: the focus is on what closes it.
  useEffect(() => first.current?.focus(), []);
  const now = Date.now();
  const typed = (
    <Field
      title={candidates.length === 0 ? "The code" : "The code I have"}
      description="Type it as you got it. The agent gets it; it is stored nowhere else."
    >
      {(ids) => (
        <Input
          {...ids}
          ref={candidates.length === 0 ? first : undefined}
          mono
          name="code"
          maxLength={200}
          autoComplete="one-time-code"
          spellCheck={false}
          onInput={() => {
            if (hand.current) hand.current.checked = true;
          }}
        />
      )}
    </Field>
  );
  if (candidates.length === 0) return typed;
  return (
    <>
      <ChoiceGroup title="What arrived" className={styles.choices}>
        {candidates.map(
          ({ message_id, value, sender, sender_host, received_at, subject, kind, context }, index) => (
            <ChoiceRow key={`${message_id} ${value}`} className={styles.row}>
              <input ref={index === 0 ? first : undefined} type="radio" name="pick" value={index} />
              <span className={styles.what}>
                <FoundValue small value={value} />
                <ContextWords context={context} value={value} />
                <bdi>
                  {senderOf({ sender })}
                  {!sender.endsWith(sender_host) && ` from ${sender_host}`}
                </bdi>
                <Help as="span">
                  {kind === "link" ? "Link" : "Code"}, {relativeTime(received_at, now)}
                  {subject !== null && subject !== "" && <bdi> · {subject}</bdi>}
                </Help>
              </span>
            </ChoiceRow>
          ),
        )}
        <ChoiceRow>
          <input ref={hand} type="radio" name="pick" value={byHand} />
          None of these: I have the code
        </ChoiceRow>
      </ChoiceGroup>
      {typed}
    </>
  );
}

/** The words around a candidate, with itself emphasised. */
function ContextWords({ context, value }: { context: string; value: string }) {
  const parts = contextParts(context, value);
  if (parts === undefined) return null;
  return (
    <q className={styles.context} dir="auto">
      {parts.before}
      <strong>{parts.itself}</strong>
      {parts.after}
    </q>
  );
}
