import type { HandleContract } from "./handles.ts";
import type { WorkflowNode } from "./workflow.ts";

export interface NodePort {
  readonly name: string;
  readonly type: "string" | "text" | "json";
  readonly description: string;
}

/**
 * What a canvas needs to draw a node and wire it: the part of its contract that is plain data. Canvases
 * read these from `node-cards.ts` and load no schema library.
 */
export interface NodeCard {
  /** The saved name: never renamed, only versioned. */
  readonly type: string;
  readonly version: number;
  readonly kind: "trigger" | "agent" | "model" | "tool" | "note";
  readonly palette: {
    readonly label: string;
    readonly group: "Triggers" | "Agents" | "Identity" | "Vault" | "Inbox" | "Platform" | "Notes";
    /** The name of a lucide icon, such as `key-round`. `npm run manifest` refuses a name that lucide does not have. */
    readonly icon: string;
    readonly description: string;
  };
  readonly ports: { readonly inputs: readonly NodePort[]; readonly outputs: readonly NodePort[] };
  readonly handles: readonly HandleContract[];
  /**
   * What its card shows besides: a current code, masked, with what is left of its window. "code" is its agent's own,
   * "vault_code" that of the vault entry its settings name; "delivered_code": the wait for one that is sent.
   */
  readonly shows?: "code" | "vault_code" | "delivered_code";
  /** What a canvas writes into its settings when it is added, where the defaults alone would not run. */
  readonly initialConfig?: WorkflowNode["data"]["config"];
}
