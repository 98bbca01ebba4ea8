/** The vault, with the entry that is open. */
export const pathOfEntry = (id: string | undefined): string =>
  id === undefined ? "/vault" : `/vault?entry=${encodeURIComponent(id)}`;

/** The inbox, with the message that is open. */
export const pathOfMessage = (id: string | undefined): string =>
  id === undefined ? "/inbox" : `/inbox?message=${encodeURIComponent(id)}`;

export type InboxShow = "try" | "mailboxes";

/** What is beside the list of messages, each with an address of its own. */
export const pathOfShow = (show: InboxShow | undefined): string =>
  show === undefined ? "/inbox" : `/inbox?show=${show}`;

/** A page of the settings. */
export const pathOfSettings = (page: string): string => `/settings/${page}`;

/** The audit log, narrowed to one account or entry. */
export const pathOfAuditOf = (subject: string): string => `/audit?subject=${encodeURIComponent(subject)}`;
