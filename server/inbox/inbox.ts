import { answerByHand, cancelWait } from "./answer-wait.ts";
import { beginWait, stillWaits } from "./begin-wait.ts";
import { deleteMessage, labelMessage, rereadMessage } from "./change-message.ts";
import { knowsAddress } from "./find-mailbox.ts";
import { createMailboxLock } from "./in-mailbox.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { findDelivered, listMessages, listThreads } from "./list-messages.ts";
import { listWaits, openWait } from "./list-waits.ts";
import { addMailbox, changeMailbox, deleteMailbox, listInboxReaders, listMailboxes } from "./mailboxes.ts";
import { openMessage, openMessages } from "./open-message.ts";
import { receiveMessage, requireKnownIds } from "./receive.ts";
import { askSecondOpinion, findSecondOpinion, setSecondOpinion } from "./second-opinion.ts";
import { createSources } from "./sources/sources.ts";
import { expireWaits, purgeBodies } from "./sweep.ts";
import { takeCodes } from "./take-codes.ts";
import { waitForCode } from "./wait-for-code.ts";

/**
 * The room of delivered codes: messages come in, are read without guessing, and each code is given once, to the wait
 * that it fits. What messages say is sealed, and deleted after a while.
 */
export function createInbox(options: Omit<InboxParts, "mailboxLock">) {
  const parts: InboxParts = { ...options, mailboxLock: createMailboxLock() };
  return {
    sources: createSources(parts),
    receive: receiveMessage.bind(null, parts),
    requireKnownIds: requireKnownIds.bind(null, parts),
    knowsAddress: knowsAddress.bind(null, parts),
    findDelivered: findDelivered.bind(null, parts),
    beginWait: beginWait.bind(null, parts),
    stillWaits,
    waitForCode: waitForCode.bind(null, parts),
    takeCodes: takeCodes.bind(null, parts),
    listWaits: listWaits.bind(null, parts),
    openWait: openWait.bind(null, parts),
    answerByHand: answerByHand.bind(null, parts),
    cancelWait: cancelWait.bind(null, parts),
    listMessages: listMessages.bind(null, parts),
    listThreads: listThreads.bind(null, parts),
    openMessage: openMessage.bind(null, parts),
    openMessages: openMessages.bind(null, parts),
    rereadMessage: rereadMessage.bind(null, parts),
    labelMessage: labelMessage.bind(null, parts),
    deleteMessage: deleteMessage.bind(null, parts),
    listMailboxes: listMailboxes.bind(null, parts),
    listReaders: listInboxReaders.bind(null, parts),
    addMailbox: addMailbox.bind(null, parts),
    changeMailbox: changeMailbox.bind(null, parts),
    deleteMailbox: deleteMailbox.bind(null, parts),
    askSecondOpinion: askSecondOpinion.bind(null, parts),
    findSecondOpinion: findSecondOpinion.bind(null, parts),
    setSecondOpinion: setSecondOpinion.bind(null, parts),
    expireWaits: expireWaits.bind(null, parts),
    purgeBodies: purgeBodies.bind(null, parts),
  };
}

export type Inbox = ReturnType<typeof createInbox>;
