export type InboxShow = "try" | "mailboxes";

export const pathOfMessage = (id: string | undefined): string =>
  id === undefined ? "/inbox" : `/inbox?message=${encodeURIComponent(id)}`;

/** What is beside the list of messages, each with an address of its own. */
export const pathOfShow = (show: InboxShow | undefined): string =>
  show === undefined ? "/inbox" : `/inbox?show=${show}`;
