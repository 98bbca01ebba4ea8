import { beginWait, stillWaits } from "./begin-wait.ts";
import { knowsAddress } from "./find-mailbox.ts";
import { answerByHand, cancelWait, listWaits, openWait } from "./help-wait.ts";
import { createTurns } from "./in-turn.ts";
import type { InboxParts } from "./inbox-parts.ts";
import { requireKnownIds } from "./known-ids.ts";
import { addMailbox, changeMailbox, deleteMailbox, listMailboxes } from "./mailboxes.ts";
import {
  deleteMessage,
  findDelivered,
  labelMessage,
  listMessages,
  openMessage,
  rereadMessage,
} from "./messages.ts";
import { openMessages } from "./open-messages.ts";
import { receiveMessage } from "./receive.ts";
import { askSecondOpinion, findSecondOpinion, setSecondOpinion } from "./second-opinion.ts";
import { createSources } from "./sources/sources.ts";
import { expireWaits, purgeBodies } from "./sweep.ts";
import { takeCodes } from "./take-codes.ts";
import { listThreads } from "./threads.ts";
import { waitForCode } from "./wait-for-code.ts";

const roomOf = (parts: InboxParts) => ({
  receive: receiveMessage(parts),
  sources: createSources(parts, { receive: receiveMessage(parts), requireKnownIds: requireKnownIds(parts) }),
  knowsAddress: knowsAddress(parts),
  beginWait: beginWait(parts),
  stillWaits,
  waitForCode: waitForCode(parts),
  listWaits: listWaits(parts),
  openWait: openWait(parts),
  answerByHand: answerByHand(parts),
  cancelWait: cancelWait(parts),
  listMessages: listMessages(parts),
  findDelivered: findDelivered(parts),
  requireKnownIds: requireKnownIds(parts),
  openMessage: openMessage(parts),
  openMessages: openMessages(parts),
  listThreads: listThreads(parts),
  rereadMessage: rereadMessage(parts),
  deleteMessage: deleteMessage(parts),
  labelMessage: labelMessage(parts),
  takeCodes: takeCodes(parts),
  listMailboxes: listMailboxes(parts),
  addMailbox: addMailbox(parts),
  changeMailbox: changeMailbox(parts),
  deleteMailbox: deleteMailbox(parts),
  askSecondOpinion: askSecondOpinion(parts),
  findSecondOpinion: findSecondOpinion(parts),
  setSecondOpinion: setSecondOpinion(parts),
  expireWaits: expireWaits(parts),
  purgeBodies: purgeBodies(parts),
});

/**
 * The room of delivered codes: messages come in, are read without guessing, and each code is handed out once, to
 * whoever waits for it. What messages say is sealed, and deleted after a while.
 */
export const createInbox = (parts: Omit<InboxParts, "inTurn">) => roomOf({ ...parts, inTurn: createTurns() });

export type Inbox = ReturnType<typeof createInbox>;
