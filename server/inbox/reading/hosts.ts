/** Names of hosts, compared without a list of all public suffixes: the few second levels that are common do. */
const secondLevels = new Set([
  "co",
  "com",
  "org",
  "net",
  "gov",
  "gob",
  "gouv",
  "edu",
  "ac",
  "or",
  "ne",
  "go",
  "govt",
  "nom",
  "in",
]);

/** "mail.shop.example.co.uk" is run by whoever has "example.co.uk". */
export function ownerOf(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, "").split(".");
  const two =
    labels.length > 2 && (labels.at(-1) ?? "").length === 2 && secondLevels.has(labels.at(-2) ?? "");
  return labels.slice(two ? -3 : -2).join(".");
}

/** The host a sender writes from: "Example <no-reply@mail.example.com>"; undefined for a phone number or a name. */
export function senderHost(from: string | undefined): string | undefined {
  const address = from
    ?.slice(0, 1000)
    .split(/[\s<>,;"()]/)
    .findLast((part) => part.includes("@"));
  const host = address?.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return host && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(host) ? host : undefined;
}

export const fits = (host: string, sender: string) => ownerOf(host) === ownerOf(sender);
