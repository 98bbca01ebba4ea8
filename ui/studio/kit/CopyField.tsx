import { Check, Copy } from "lucide-react";
import { useId, useState } from "react";
import { copyText } from "../../canvas/code/copy-text.ts";
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
    className: "input input--mono",
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
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {title}
      </label>
      <div className="field__row copy-field">
        {lines === 1 ? <input {...field} /> : <textarea {...field} rows={lines} wrap="off" />}
        <button
          type="button"
          className="button"
          aria-label={`${copied ? "Copied" : "Copy"} ${title}`}
          onClick={() => void copy()}
        >
          {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
      {help !== undefined && (
        <p id={`${id}-help`} className="field__help">
          {help}
        </p>
      )}
      <span className="totem-sr-only" role="status">
        {copied ? `${title}: copied.` : ""}
      </span>
    </div>
  );
}
