import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { tryMessage } from "../api/inbox-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Choice } from "../kit/Choice.tsx";
import { Field, Input, Problem, TextArea } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { useDebounced } from "../pages/useDebounced.ts";
import { ReadingView } from "./ReadingView.tsx";
import styles from "./TryMessage.module.css";

type Form = "text" | "html";
const nothing = { subject: "", from: "", body: "" };

/** A place to paste a message and see what would be found in it. It is read by the server and stored nowhere. */
export function TryMessage() {
  const [form, setForm] = useState<Form>("text");
  const [typed, setTyped] = useState(nothing);
  const { subject, from, body } = useDebounced(typed);
  const message = useMemo(() => ({ subject, from, [form]: body }), [subject, from, form, body]);
  const empty = subject.trim() === "" && body.trim() === "";
  const read = useQuery({
    queryKey: ["inbox-reading", message],
    queryFn: () => tryMessage(message),
    enabled: !empty,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    // What was pasted stays nowhere.
    gcTime: 0,
  });
  const set = (name: keyof typeof nothing) => (event: { target: { value: string } }) =>
    setTyped({ ...typed, [name]: event.target.value });
  return (
    <div className={styles.view}>
      <section className={styles.message} aria-label="The message">
        <Muted>Paste a message to see what is found in it, and why. It is not stored.</Muted>
        <Field title="From" description="The sender’s address, as the message gives it.">
          {(ids) => (
            <Input {...ids} value={typed.from} maxLength={1_000} autoComplete="off" onChange={set("from")} />
          )}
        </Field>
        <Field title="Subject">
          {(ids) => (
            <Input
              {...ids}
              value={typed.subject}
              maxLength={2_000}
              autoComplete="off"
              onChange={set("subject")}
            />
          )}
        </Field>
        <Choice<Form>
          title="What is pasted is"
          value={form}
          onChange={setForm}
          choices={[
            ["text", "Text"],
            ["html", "HTML"],
          ]}
        />
        <Field title="Message">
          {(ids) => (
            <TextArea
              {...ids}
              mono={form === "html"}
              value={typed.body}
              rows={12}
              maxLength={1_000_000}
              spellCheck={false}
              dir="auto"
              onChange={set("body")}
            />
          )}
        </Field>
      </section>
      <section className={styles.reading} aria-label="The reading" aria-busy={read.isFetching}>
        <p className="totem-sr-only" role="status">
          {!empty && read.data && !read.isPlaceholderData && spoken(read.data)}
        </p>
        {read.error ? (
          <Problem>{messageOf(read.error)}</Problem>
        ) : empty || !read.data ? (
          <Muted>{empty ? "The reading appears here." : "Reading…"}</Muted>
        ) : (
          <ReadingView reading={read.data} />
        )}
      </section>
    </div>
  );
}

const spoken = ({ kind, value }: { kind: string; value?: string | undefined }): string =>
  kind === "ambiguous"
    ? "Not sure what is meant."
    : kind === "none"
      ? "Nothing was found."
      : `${kind === "link" ? "A link" : "A code"} was found${value === undefined || kind === "link" ? "" : `: ${value}`}.`;
