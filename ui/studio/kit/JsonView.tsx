import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import styles from "./JsonView.module.css";
import { Muted } from "./text.tsx";

/** A value for reading: text as text, an object as its fields. Secrets arrive masked from the server. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  if (value === undefined || value === null || value === "")
    return (
      <Muted role="note" aria-label={label}>
        Nothing
      </Muted>
    );
  if (typeof value === "object" && !Array.isArray(value))
    return (
      <dl className={styles.fields} aria-label={label}>
        {Object.entries(value).map(([key, item]) => (
          <div key={key} className={styles.row}>
            <dt>{key}</dt>
            <dd>{plain(item)}</dd>
          </div>
        ))}
      </dl>
    );
  return <CodeBlock>{plain(value)}</CodeBlock>;
}

const plain = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");

/** Lines of code or JSON, as they are. */
export const CodeBlock = ({ className, ...rest }: ComponentProps<"pre">) => (
  <pre {...rest} className={classNames(styles.text, className)} />
);
