import type { InboxParts } from "../inbox-parts.ts";
import { askSource } from "./ask-source.ts";
import { addSource, changeSource, deleteSource, listSources, resolveAtStart } from "./manage-sources.ts";
import { takeDueSources } from "./pull-sources.ts";
import { receiveSms } from "./receive-sms.ts";
import { receiveWebhook } from "./receive-webhook.ts";
import { forgetSeen } from "./seen.ts";

/**
 * Ways in that an administrator adds: SMS by Twilio, programs that sign what they send, and addresses that the server
 * asks while a wait is open. Each source has a secret of its own and belongs to one workspace.
 */
export const createSources = (parts: InboxParts) => ({
  list: listSources.bind(null, parts),
  add: addSource.bind(null, parts),
  change: changeSource.bind(null, parts),
  delete: deleteSource.bind(null, parts),
  receiveSms: receiveSms.bind(null, parts),
  receiveWebhook: receiveWebhook.bind(null, parts),
  resolveAtStart: resolveAtStart.bind(null, parts),
  takeDue: takeDueSources.bind(null, parts),
  ask: askSource.bind(null, parts),
  forgetSeen: forgetSeen.bind(null, parts),
});
