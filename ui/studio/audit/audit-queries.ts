import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type AuditFilter, listAuditEvents } from "../api/audit-endpoints.ts";
import { listWorkflows } from "../api/endpoints.ts";
import { listEntries } from "../api/vault-endpoints.ts";

/** As many entries as are named; others are shown by their id. */
const mostPages = 5;

async function readEntryNames(): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let before: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { entries, next } = await listEntries(before);
    for (const { id, name } of entries) names.set(id, name);
    if (next === null) break;
    before = next;
  }
  return names;
}

export interface Names {
  /** An entry's name by its id. The log stores ids only: this is the name of today. */
  readonly entries: ReadonlyMap<string, string>;
  /** A workflow's slug and name by its id. */
  readonly workflows: ReadonlyMap<string, NamedWorkflow>;
  /** The same by slug. */
  readonly slugs: ReadonlyMap<string, NamedWorkflow>;
}

interface NamedWorkflow {
  readonly slug: string;
  readonly name: string;
}

const none: ReadonlyMap<string, string> = new Map();

export function useNames(): Names {
  const entries = useQuery({ queryKey: ["vault", "names"], queryFn: readEntryNames });
  const list = useQuery({ queryKey: ["workflows"], queryFn: listWorkflows });
  const workflows = useMemo(() => {
    const named = list.data?.workflows ?? [];
    return {
      workflows: new Map(named.map((workflow) => [workflow.id, workflow])),
      slugs: new Map(named.map((workflow) => [workflow.slug, workflow])),
    };
  }, [list.data]);
  return { entries: entries.data ?? none, ...workflows };
}

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
