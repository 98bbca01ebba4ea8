import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { listMessages, type MessageFilter } from "../api/inbox-endpoints.ts";
import { deletedStore } from "../kit/delete-with-undo.ts";

const everyMs = 2_000;

/**
 * The inbox, newest first. Only its first page is read again and again while the page is open; older
 * pages are read when they are wanted, and again when so much came that the two no longer meet.
 */
export function useMessages(filter: MessageFilter) {
  const pages = useInfiniteQuery({
    queryKey: ["inbox", "messages", "pages", filter],
    queryFn: ({ pageParam }) => listMessages(filter, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const head = useQuery({
    queryKey: ["inbox", "messages", "head", filter],
    queryFn: () => listMessages(filter),
    refetchInterval: everyMs,
    staleTime: 0,
    enabled: pages.isSuccess && !pages.isPlaceholderData,
  });
  const deleted = useStore(deletedStore, (state) => state.ids);
  const known = useMemo(() => pages.data?.pages.flatMap((page) => page.messages), [pages.data]);
  const apart = head.data !== undefined && known !== undefined && !meet(head.data, known);
  const { refetch } = pages;
  useEffect(() => {
    if (apart) void refetch();
  }, [apart, refetch]);
  const messages = useMemo(
    () => known && merge(head.data?.messages ?? [], known).filter(({ id }) => !deleted.has(id)),
    [head.data, known, deleted],
  );
  return { ...pages, messages, lost: head.error };
}

type Page = Awaited<ReturnType<typeof listMessages>>;

const meet = ({ messages, next }: Page, known: readonly InboxMessageBody[]): boolean =>
  next === null || messages.some(({ id }) => known.some((one) => one.id === id));

/** What was read later wins; nothing is shown twice. */
function merge(
  head: readonly InboxMessageBody[],
  known: readonly InboxMessageBody[],
): readonly InboxMessageBody[] {
  const fresh = new Set(head.map(({ id }) => id));
  return [...head, ...known.filter(({ id }) => !fresh.has(id))];
}

/** Reads the inbox again after something in it was changed. */
export function useFreshInbox(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["inbox"] });
}
