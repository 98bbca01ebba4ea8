const storageKey = "totem.last-workflow";

/** Where the person left off, so that the bare address leads back there. */
export const lastOpened = {
  read: (): string | undefined => localStorage.getItem(storageKey) ?? undefined,
  write: (slug: string): void => localStorage.setItem(storageKey, slug),
};
