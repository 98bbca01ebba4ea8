export const pathOfEntry = (id: string | undefined): string =>
  id === undefined ? "/vault" : `/vault?entry=${encodeURIComponent(id)}`;
