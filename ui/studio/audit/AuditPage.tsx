import { useDeferredValue, useMemo, useState } from "react";
import "../styles/audit.css";
import type { AuditFilter } from "../api/audit-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { PageFrame } from "../pages/PageFrame.tsx";
import { PageNotice } from "../pages/PageNotice.tsx";
import { useOfAddress } from "../router.ts";
import { AuditFilters } from "./AuditFilters.tsx";
import { AuditTable } from "./AuditTable.tsx";
import { ExportMenu } from "./ExportMenu.tsx";
import { useAuditEvents } from "./useAuditEvents.ts";
import { useNames } from "./useNames.ts";
import { useSettled } from "./useSettled.ts";

/** Who read what, when, for which run and node. */
export function AuditPage() {
  const subject = useOfAddress("subject");
  const [typed, setTyped] = useState<AuditFilter>(subject === undefined ? {} : { subject });
  const names = useNames();
  const filter = useSettled(useMemo(() => asked(typed, names.entries), [typed, names.entries]));
  const { events, error, isPlaceholderData, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useAuditEvents(filter);
  const shown = useDeferredValue(events);
  const actors = [...new Set(events?.map(({ actor }) => actor))];
  const narrowed = Object.values(filter).some((value) => value !== "");
  return (
    <PageFrame title="Audit log" actions={<ExportMenu filter={filter} />}>
      <AuditFilters
        filter={typed}
        onFilter={setTyped}
        actors={actors}
        subjects={[...new Set(names.entries.values())]}
      />
      <div className="audit__scroll" aria-busy={isPlaceholderData}>
        {error && !events ? (
          <PageNotice
            title="The audit log cannot be read"
            text={messageOf(error)}
            action={{ label: "Try again", run: () => void refetch() }}
          />
        ) : !shown ? (
          <PageNotice busy title="Opening the audit log…" />
        ) : shown.length === 0 ? (
          <PageNotice
            title={narrowed ? "Nothing like that happened" : "Nothing happened yet"}
            text={
              narrowed
                ? "No event has all of what is asked for above."
                : "Every code that is read and every change is written down here."
            }
          />
        ) : (
          <AuditTable events={shown} names={names} />
        )}
        {hasNextPage && (
          <button
            type="button"
            className="button button--quiet"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {isFetchingNextPage ? "Reading more…" : "Show older events"}
          </button>
        )}
      </div>
    </PageFrame>
  );
}

/** What the server is asked for: an entry is known there by its id, to people by its name. */
function asked(typed: AuditFilter, entries: ReadonlyMap<string, string>): AuditFilter {
  const trimmed = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]));
  const [id] = [...entries].find(([, name]) => name === trimmed.subject) ?? [];
  return id === undefined ? trimmed : { ...trimmed, subject: id };
}
