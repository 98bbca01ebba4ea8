import { useId } from "react";
import type { AuditFilter } from "../api/audit-endpoints.ts";
import { actionGroups, actionWords } from "./audit-words.ts";

export interface AuditFiltersProps {
  readonly filter: AuditFilter;
  readonly onFilter: (filter: AuditFilter) => void;
  /** Names to propose, as they turn up in the log. */
  readonly actors: readonly string[];
  readonly subjects: readonly string[];
}

/** Narrows the log. Every field says what is looked at; an empty one looks at all. */
export function AuditFilters({ filter, onFilter, actors, subjects }: AuditFiltersProps) {
  const id = useId();
  const set = (name: keyof AuditFilter) => (event: { target: { value: string } }) =>
    onFilter({ ...filter, [name]: event.target.value });
  const text = (name: "text" | "actor" | "subject", label: string, proposals?: readonly string[]) => (
    <label className="audit__filter">
      <span className="field__label">{label}</span>
      <input
        className="input"
        value={filter[name] ?? ""}
        list={proposals && `${id}-${name}`}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={set(name)}
      />
      {proposals && (
        <datalist id={`${id}-${name}`}>
          {proposals.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </label>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a form would be sent by Enter, and there is nothing to send.
    <div className="audit__filters" role="search" aria-label="Filter the log">
      {text("text", "Text")}
      {text("actor", "Who", actors)}
      <label className="audit__filter">
        <span className="field__label">What</span>
        <select className="input" value={filter.action ?? ""} onChange={set("action")}>
          <option value="">Everything</option>
          {[...actionGroups, ...Object.entries(actionWords)].map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {text("subject", "On what", subjects)}
      <label className="audit__filter">
        <span className="field__label">Result</span>
        <select className="input" value={filter.result ?? ""} onChange={set("result")}>
          <option value="">Any</option>
          <option value="ok">Done</option>
          <option value="refused">Refused</option>
        </select>
      </label>
    </div>
  );
}
