/** RFC 5321 section 4.5.3.1: 64 octets before the @, 255 after it. */
const wellFormed = /^[^\s@<>"\\\p{Cc}]{1,64}@[a-z0-9.-]{1,255}$/u;

/**
 * An address as it is compared: in lower case, or undefined where it is none of a shape we hand out.
 * A tag stays ("anna+shop@…"): whoever waits may have asked for mail to it only.
 */
export function foldAddress(address: string): string | undefined {
  const folded = address.trim().normalize("NFC").toLowerCase();
  return wellFormed.test(folded) ? folded : undefined;
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);
