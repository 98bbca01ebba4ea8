import { useEffect, useRef } from "react";
import type { OpenedWaitBody } from "../../../../plugin/api/inbox.ts";
import { Field } from "../../kit/Field.tsx";
import { relativeTime } from "../../kit/times.ts";
import { senderOf } from "../message-words.ts";
import { ContextWords } from "./ContextWords.tsx";
import { byHand } from "./read-answer.ts";

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
      description="Type it as it was sent to you. It is given to the agent and kept nowhere else."
    >
      {(ids) => (
        <input
          {...ids}
          ref={candidates.length === 0 ? first : undefined}
          className="input input--mono"
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
      <fieldset className="choice pick">
        <legend className="field__label">What arrived</legend>
        {candidates.map(
          ({ message_id, value, sender, sender_host, received_at, subject, kind, context }, index) => (
            <label key={`${message_id} ${value}`} className="choice__row pick__row">
              <input ref={index === 0 ? first : undefined} type="radio" name="pick" value={index} />
              <span className="pick__what">
                <code className="reading__value">{value}</code>
                <ContextWords context={context} value={value} />
                <bdi>
                  {senderOf({ sender })}
                  {!sender.endsWith(sender_host) && ` from ${sender_host}`}
                </bdi>
                <span className="field__help">
                  {kind === "link" ? "Link" : "Code"}, {relativeTime(received_at, now)}
                  {subject !== null && subject !== "" && <bdi> · {subject}</bdi>}
                </span>
              </span>
            </label>
          ),
        )}
        <label className="choice__row">
          <input ref={hand} type="radio" name="pick" value={byHand} />
          None of these: I have the code
        </label>
      </fieldset>
      {typed}
    </>
  );
}
