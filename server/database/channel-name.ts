/** Channel names go into LISTEN unescaped, and PGlite folds their case: plain ones mean the same everywhere. */
export function assertChannel(channel: string): void {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(channel)) throw new Error(`Not a channel name: ${channel}`);
}
