import { queryOptions } from "@tanstack/react-query";
import { listServiceKeys } from "../api/account-endpoints.ts";

export type HostKey = Awaited<ReturnType<typeof listServiceKeys>>["keys"][number];

/** Calls come from elsewhere, and nobody says so here. */
export const askAgainMs = 5_000;

/** The keys that may call tools for a builder, of all that there are. */
export const hostKeysQuery = queryOptions({
  queryKey: ["service-keys"],
  queryFn: listServiceKeys,
  refetchInterval: askAgainMs,
  select: ({ keys }) => keys.filter(({ scopes }) => scopes.includes("hosts:call")),
});
