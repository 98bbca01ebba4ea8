import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { useMay } from "../person/whoami.ts";

/** Why the open workflow cannot be changed here, as a sentence; undefined where it can. */
export function useReadOnly(): string | undefined {
  const narrow = useIsNarrow();
  const mayDraw = useMay("workflows:write");
  if (!mayDraw) return "Your role reads workflows. A builder changes them.";
  return narrow ? "Editing needs a wider window." : undefined;
}
