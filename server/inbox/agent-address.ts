/** Where an agent user gets mail; null where this server takes none. */
export const agentAddress = (username: string, mailDomain: string | undefined): string | null =>
  mailDomain === undefined ? null : `${username}@${mailDomain}`.toLowerCase();
