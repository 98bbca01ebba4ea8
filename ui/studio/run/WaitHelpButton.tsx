import type { PartWait } from "../../canvas/card-states.tsx";
import { helpWords } from "../../canvas/WaitRow.tsx";
import { helpWait } from "../keys/open-tool.ts";

/** The way to the picker from where a run is told. */
export const WaitHelpButton = ({ nodeId, wait }: { nodeId: string; wait: PartWait }) => (
  <button type="button" className="button" onClick={() => helpWait(nodeId, wait)}>
    {helpWords(wait)}
  </button>
);
