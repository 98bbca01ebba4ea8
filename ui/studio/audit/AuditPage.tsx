import { useDeferredValue, useMemo, useState } from "react";
import type { AuditFilter } from "../api/audit-endpoints.ts";
import { ChoiceFilter, Filters, TextFilter } from "../pages/Filters.tsx";
import { ListView } from "../pages/ListView.tsx";
import { PageFrame, PageNotice } from "../pages/PageFrame.tsx";
import { useDebounced } from "../pages/useDebounced.ts";
import { useOfAddress } from "../router.ts";
import { AuditTable } from "./AuditTable.tsx";
import { useAuditEvents, useNames } from "./audit-queries.ts";
import { actionGroups, actionWords } from "./audit-words.ts";
import { ExportMenu } from "./ExportMenu.tsx";
import { SealBar } from "./SealBar.tsx";

/** Who read what, when, for which run and node. */
export function AuditPage() {
  const subject = useOfAddress("subject");
  const [typed, setTyped] = useState<AuditFilter>(subject === undefined ? {} : { subject });
  const names = useNames();
  const filter = useDebounced(useMemo(() => asked(typed, names.entries), [typed, names.entries]));
  const query = useAuditEvents(filter);
  const { events } = query;
  const shown = useDeferredValue(events);
  const actors = [...new Set(events?.map(({ actor }) => actor))];
  const narrowed = Object.values(filter).some((value) => value !== "");
  return (
    <PageFrame title="Audit log" actions={<ExportMenu filter={filter} />}>
      <SealBar />
      <ListView
        pageScrolls
        query={query}
        isRead={shown !== undefined}
        words={{
          loading: "Opening the audit log…",
          unreadable: "The audit log cannot be read",
          more: "Show older events",
        }}
        filters={
          <AuditFilters
            filter={typed}
            onFilter={setTyped}
            actors={actors}
            subjects={[...new Set(names.entries.values())]}
          />
        }
      >
        {shown?.length ? <AuditTable events={shown} names={names} /> : <NoEvents narrowed={narrowed} />}
      </ListView>
    </PageFrame>
  );
}

const NoEvents = ({ narrowed }: { narrowed: boolean }) =>
  narrowed ? (
    <PageNotice title="No event matches" text="Clear one of the filters above to see more." />
  ) : (
    <PageNotice title="Nothing happened yet" text="This log has every read of a code and every change." />
  );

/** What the server is asked for: an entry is known there by its id, to people by its name. */
function asked(typed: AuditFilter, entries: ReadonlyMap<string, string>): AuditFilter {
  const trimmed = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]));
  const [id] = [...entries].find(([, name]) => name === trimmed.subject) ?? [];
  return id === undefined ? trimmed : { ...trimmed, subject: id };
}

interface AuditFiltersProps {
  readonly filter: AuditFilter;
  readonly onFilter: (filter: AuditFilter) => void;
  /** Names to propose, as they turn up in the log. */
  readonly actors: readonly string[];
  readonly subjects: readonly string[];
}

/** Narrows the log. Every field says what is looked at; an empty one looks at all. */
function AuditFilters({ filter, onFilter, actors, subjects }: AuditFiltersProps) {
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
