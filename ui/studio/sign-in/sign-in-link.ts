/**
 * What an address brings behind its `#`, which browsers do not send: the token of a link or an invitation, or what a
 * provider sent back, as a query string.
 */
export interface Arrival {
  readonly kind: "sign-in" | "invitation" | "single-sign-on" | "sign-in-error" | "approval";
  readonly value: string;
}

const shape = /^#(sign-in|invitation|single-sign-on|sign-in-error|approval)=(.*)$/;

/**
 * The one-time token of an address, taken out of it at once: it must not stay in the history, in a bookmark or in a
 * picture of the window.
 */
export function takeArrival(
  address: Pick<Location, "hash" | "pathname" | "search"> = location,
  replace: (path: string) => void = (path) => history.replaceState(null, "", path),
): Arrival | undefined {
  const [, kind, value] = shape.exec(address.hash) ?? [];
  if (kind === undefined) return undefined;
  replace(address.pathname + address.search);
  return value ? { kind: kind as Arrival["kind"], value } : undefined;
}

/** A link that is pasted into a tab of the studio changes nothing but the hash, and would be ignored. */
export const reloadOnArrival = (): void =>
  window.addEventListener("hashchange", () => {
    if (shape.test(location.hash)) location.reload();
  });
