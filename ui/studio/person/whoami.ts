import { useQuery } from "@tanstack/react-query";
import type { Scope } from "../../../plugin/api/scopes.ts";
import { readWhoami } from "../api/endpoints.ts";

const whoami = { queryKey: ["whoami"], queryFn: readWhoami, staleTime: Number.POSITIVE_INFINITY };

/** Who is signed in. The studio opens after it is known, so it is there at once. */
export const useWhoami = () => useQuery(whoami).data;

/** Whether the person may do what needs one of these scopes. A button that they cannot use is absent or says why. */
export const useMay = (...scopes: readonly Scope[]): boolean => {
  const held = useWhoami()?.scopes;
  return scopes.some((scope) => held?.includes(scope));
};
