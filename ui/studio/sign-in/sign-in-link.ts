const prefix = "#sign-in=";

/**
 * The one-time token of the printed address, taken out of the address at once: it must not stay in the
 * history, in a bookmark or in a picture of the window.
 */
export function takeSignInLink(
  address: Pick<Location, "hash" | "pathname" | "search"> = location,
  replace: (path: string) => void = (path) => history.replaceState(null, "", path),
): string | undefined {
  if (!address.hash.startsWith(prefix)) return undefined;
  const token = address.hash.slice(prefix.length);
  replace(address.pathname + address.search);
  return token === "" ? undefined : token;
}

/** A link that is pasted into a tab of the studio changes nothing but the hash, and would be ignored. */
export const reloadOnSignInLink = (): void =>
  window.addEventListener("hashchange", () => {
    if (location.hash.startsWith(prefix)) location.reload();
  });
