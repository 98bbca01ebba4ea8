import { askSource } from "./ask-source.ts";
import { type DueSource, takeDueSources } from "./due-sources.ts";
import { addSource, changeSource, deleteSource, listSources } from "./manage-sources.ts";
import { receiveSms } from "./receive-sms.ts";
import { type Receive, receiveWebhook } from "./receive-webhook.ts";
import { forgetSeen } from "./seen.ts";
import type { AskOutside, SourceParts } from "./source-parts.ts";

/**
 * Ways in that an administrator adds: SMS by Twilio, programs that sign what they send, and addresses that are asked
 * while somebody waits. Each has a secret of its own and is good for one workspace.
 */
export const createSources = (parts: SourceParts, inbox: Receive) => ({
  list: listSources(parts),
  add: addSource(parts),
  change: changeSource(parts),
  delete: deleteSource(parts),
  receiveSms: receiveSms(parts, inbox),
  receiveWebhook: receiveWebhook(parts, inbox),
  takeDue: (most: number): Promise<DueSource[]> => takeDueSources(parts, most),
  askOne: (ask: AskOutside) => askSource(parts, inbox, ask),
  forgetSeen: forgetSeen(parts),
});

export type Sources = ReturnType<typeof createSources>;
