import { useSyncExternalStore } from "react";

const query = matchMedia("(max-width: 767px)");

/** Below this width the studio shows workflows and runs them; editing needs room. */
export const useIsNarrow = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
