import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type AuditFilter, listAuditEvents } from "../api/audit-endpoints.ts";

const pageSize = 100;

/** The log as it is narrowed, newest first, page after page. What is shown stays until the next answer is there. */
export function useAuditEvents(filter: AuditFilter) {
  const query = useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam }) => listAuditEvents(filter, { limit: pageSize, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)?.id),
    placeholderData: keepPreviousData,
    // Asked for by looking: what was there a moment ago may have been added to.
    staleTime: 0,
  });
  return { ...query, events: query.data?.pages.flat() };
}
