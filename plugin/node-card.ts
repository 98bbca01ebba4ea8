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
  /** The name in saved workflows, such as `get_totp_code`. It is never renamed. */
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
   * What its card shows as well. "code": the current code of its agent, masked, and the time that is left for it.
   * "vault_code": the same for the vault entry that its settings name. "delivered_code": the wait for a code that is sent.
   */
  readonly shows?: "code" | "vault_code" | "delivered_code";
  /** The settings that a canvas writes when it adds the node, where the defaults alone would not run. */
  readonly initialConfig?: WorkflowNode["data"]["config"];
}
