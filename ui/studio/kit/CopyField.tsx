import { Check, Copy } from "lucide-react";
import { useId, useState } from "react";
import { copyText } from "../../canvas/code/copy-text.ts";
import { Button } from "./Button.tsx";
import styles from "./CopyField.module.css";
import { fieldClass, Help, Input, labelClass, TextArea } from "./Field.tsx";
import { showToast } from "./toasts.ts";

export interface CopyFieldProps {
  readonly title: string;
  readonly text: string;
  readonly help?: string;
}

/** A text to take elsewhere: all of it is selected by entering it, and a button copies it. */
export function CopyField({ title, text, help }: CopyFieldProps) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  const lines = text.split("\n").length;
  const copy = () =>
    copyText(Promise.resolve(text)).then(
      () => setCopied(true),
      () => showToast({ text: `${title}: select the text and copy it yourself.`, tone: "warning" }),
    );
  const field = {
    id,
    mono: true,
    readOnly: true,
    value: text,
    spellCheck: false,
    "aria-describedby": help === undefined ? undefined : `${id}-help`,
    onFocus: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      currentTarget.select();
      // The beginning says what it is; selecting shows the end.
      currentTarget.scrollLeft = 0;
    },
  };
  return (
    <div className={fieldClass}>
      <label className={labelClass} htmlFor={id}>
        {title}
      </label>
      <div className={styles.row}>
        {lines === 1 ? <Input {...field} /> : <TextArea {...field} rows={lines} wrap="off" />}
        <Button aria-label={`${copied ? "Copied" : "Copy"} ${title}`} onClick={() => void copy()}>
          {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          {copied ? "Copied" : "Copy"}
        </Button>
      </div>
      {help !== undefined && <Help id={`${id}-help`}>{help}</Help>}
      <span className="totem-sr-only" role="status">
        {copied ? `${title}: copied.` : ""}
      </span>
    </div>
  );
}
