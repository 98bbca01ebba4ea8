import type { AuditFilter } from "../api/audit-endpoints.ts";
import { ChoiceFilter, Filters, TextFilter } from "../pages/Filters.tsx";
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
  const field = (name: keyof AuditFilter) => ({
    value: filter[name] ?? "",
    onValue: (value: string) => onFilter({ ...filter, [name]: value }),
  });
  return (
    <Filters label="Filter the log">
      <TextFilter title="Text" maxLength={200} {...field("text")} />
      <TextFilter title="Who" maxLength={200} proposals={actors} {...field("actor")} />
      <ChoiceFilter
        title="What"
        choices={[["", "Everything"], ...actionGroups, ...Object.entries(actionWords)]}
        {...field("action")}
      />
      <TextFilter title="On what" maxLength={200} proposals={subjects} {...field("subject")} />
      <ChoiceFilter
        title="Result"
        choices={[
          ["", "Any"],
          ["ok", "Done"],
          ["refused", "Refused"],
        ]}
        {...field("result")}
      />
    </Filters>
  );
}
