import { queryOptions } from "@tanstack/react-query";
import { listServiceKeys } from "../api/people-endpoints.ts";

export type HostKey = Awaited<ReturnType<typeof listServiceKeys>>["keys"][number];

/** The keys that may call tools for a builder, of all that there are. */
export const hostKeysQuery = queryOptions({
  queryKey: ["service-keys"],
  queryFn: listServiceKeys,
  select: ({ keys }) => keys.filter(({ scopes }) => scopes.includes("hosts:call")),
});
