import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { listEntries } from "../api/vault-endpoints.ts";
import { deletedStore } from "../kit/delete-with-undo.ts";

export const entriesKey = ["vault", "entries"] as const;

/** As many as a search reads without being asked: more belong to a program, not to a person's list. */
const mostSearched = 5_000;

/** The vault's entries, newest first. During a search all pages are read, so that nothing is missed. */
export function useEntries(search: string, belongs?: "nowhere") {
  const query = useInfiniteQuery({
    queryKey: belongs === undefined ? entriesKey : [...entriesKey, belongs],
    queryFn: ({ pageParam }) => listEntries(pageParam, belongs),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const deleted = useStore(deletedStore, (state) => state.ids);
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const entries = useMemo(
    () => data?.pages.flatMap((page) => page.entries).filter(({ id }) => !deleted.has(id)),
    [data, deleted],
  );
  const known = entries?.length ?? 0;
  useEffect(() => {
    if (search !== "" && hasNextPage && !isFetchingNextPage && known < mostSearched) void fetchNextPage();
  }, [search, hasNextPage, isFetchingNextPage, known, fetchNextPage]);
  return { ...query, entries, offsetMs: data?.pages[0]?.offsetMs ?? 0 };
}

/** Reads the vault again after something in it was changed. */
export function useFreshVault(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["vault"] });
}
