/**
 * What a list shows for an entry.
 *
 * @example labelOf({ issuer: "ACME", account: "alice" }) // "ACME:alice"
 */
export const labelOf = ({ issuer, account }: { issuer: string | null; account: string | null }): string =>
  [issuer, account].filter((name) => name !== null).join(":") || "Unnamed";
