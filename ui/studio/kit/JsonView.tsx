/** A value for reading: text as text, an object as its fields. Secrets arrive masked from the server. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  if (value === undefined || value === null || value === "")
    return (
      <p className="muted" role="note" aria-label={label}>
        Nothing
      </p>
    );
  if (typeof value === "object" && !Array.isArray(value))
    return (
      <dl className="json" aria-label={label}>
        {Object.entries(value).map(([key, item]) => (
          <div key={key} className="json__row">
            <dt>{key}</dt>
            <dd>{plain(item)}</dd>
          </div>
        ))}
      </dl>
    );
  return <pre className="json__text">{plain(value)}</pre>;
}

const plain = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
