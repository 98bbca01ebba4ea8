import { ImagePlus, TriangleAlert } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import type { EnrolmentEntry, Reading } from "../../../../plugin/enrolment/enrolment-entry.ts";
import { readEnrolment } from "../../../../plugin/enrolment/read-enrolment.ts";
import { buttonClass } from "../../kit/Button.tsx";
import { Labelled, Problem, TextArea } from "../../kit/Field.tsx";
import { Facts, Muted } from "../../kit/text.tsx";
import { createScanner, type Scanner } from "../scan/scanner.ts";
import styles from "./Enrolment.module.css";

/** What a person gave to be enrolled. The text is secret: it stays in memory and is never drawn. */
export interface GivenEnrolment {
  readonly text: string;
  readonly reading: Reading;
}

const mostBytes = 20_000_000;
const mostTextBytes = 1_000_000;
const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : "This cannot be read.");

export interface EnrolmentSourceProps {
  readonly onGiven: (given: GivenEnrolment | undefined) => void;
}

/**
 * One field for everything: text that is pasted or typed, a picture or a file that is pasted, dropped or chosen.
 * The field is the browser's own and not React's, which would write its text into the page.
 */
export function EnrolmentSource({ onGiven }: EnrolmentSourceProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const scanner = useRef<Scanner>(undefined);
  const [state, setState] = useState<{ said?: string; problem?: string; busy?: true }>({});
  useEffect(() => {
    scanner.current = createScanner();
    return () => scanner.current?.close();
  }, []);

  const take = (text: string, said?: string) => {
    setState(said === undefined ? {} : { said });
    onGiven(text.trim() === "" ? undefined : { text, reading: readEnrolment(text) });
  };
  const takeFile = async (file: File | undefined) => {
    if (!file) return;
    if (field.current) field.current.value = "";
    onGiven(undefined);
    setState({ busy: true, said: "Reading…" });
    try {
      const isPicture = file.type.startsWith("image/");
      if (file.size > (isPicture ? mostBytes : mostTextBytes)) throw new Error("This file is too large.");
      if (!isPicture) return take(await file.text(), "Read from the file.");
      take(
        (await scanner.current?.read(file)) ?? "",
        "Read from the image. The image stays in this browser.",
      );
    } catch (error) {
      setState({ problem: sentenceOf(error) });
    }
  };
  const drop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    void takeFile(file);
  };
  // A picture may be pasted wherever the focus is.
  const onPaste = useRef<(event: ClipboardEvent) => void>(undefined);
  onPaste.current = (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    void takeFile(file);
  };
  useEffect(() => {
    const listen = (event: ClipboardEvent) => onPaste.current?.(event);
    document.addEventListener("paste", listen);
    return () => document.removeEventListener("paste", listen);
  }, []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only takes what is dropped; choosing and pasting do the same.
    <div
      className={styles.source}
      data-part="enrolment"
      aria-busy={state.busy === true}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <Labelled title="QR image, otpauth:// link, setup key or export">
        <TextArea
          ref={field}
          mono
          className={styles.text}
          rows={3}
          placeholder="Paste it, or drop it here"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => take(event.target.value)}
        />
      </Labelled>
      <div className={styles.row}>
        <label className={buttonClass("plain", styles.choose)}>
          <ImagePlus size={14} aria-hidden />
          Choose an image or file…
          <input
            className="totem-sr-only"
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif,.json,.txt,application/json,text/plain"
            onChange={(event) => {
              void takeFile(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
        </label>
        <Muted as="span" role="status">
          {state.said}
        </Muted>
      </div>
      <Problem>{state.problem}</Problem>
    </div>
  );
}

/** What was read, without the secret in it. */
export const ReadPreview = ({ entry }: { entry: EnrolmentEntry }) => (
  <section className={styles.preview} aria-label="What was read" role="status">
    <Facts
      facts={[
        ["Service", entry.issuer ?? "Not said"],
        ["Account", entry.account ?? "Not said"],
        ["Algorithm", entry.algorithm],
        ["Digits", String(entry.digits)],
        entry.type === "totp" ? ["Period", `${entry.period} s`] : ["Counter", `from ${entry.counter}`],
      ]}
    />
    {entry.warnings.map(({ code, message }) => (
      <p key={code} className={styles.warning}>
        <TriangleAlert size={14} aria-hidden /> {message}
      </p>
    ))}
  </section>
);
