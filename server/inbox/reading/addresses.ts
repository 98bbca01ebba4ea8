/**
 * Web addresses, mail addresses and host names in a text. Digits in them are not codes, and a web address
 * may be a sign-in link.
 */
export type Address = { start: number; end: number; url?: string };

const opening = new Set(["(", "[", "<", '"', "'", "{"]);
const closing = new Set([".", ",", ";", ":", "!", "?", ")", "]", ">", '"', "'", "}", "*", "_"]);

/** Printable ASCII: anything else ends an address, as in "请访问https://example.cn/a。". */
const inAddress = (unit: number) =>
  unit > 0x20 && unit < 0x7f && unit !== 0x3c && unit !== 0x3e && unit !== 0x22;

const isHost = (text: string) => {
  const labels = text.split(".");
  if (labels.length < 2 || labels.some((label) => !/^[a-z0-9-]{1,63}$/i.test(label))) return false;
  // "123456.Do not share it": the last label of a host is letters, and something before it is too.
  return (
    /^(?:[a-z]{2,24}|[A-Z]{2,24})$/.test(labels.at(-1) ?? "") &&
    labels.slice(0, -1).some((label) => /[a-z]/i.test(label))
  );
};

function judge(word: string): { url?: string } | undefined {
  const scheme = word.search(/[a-z][a-z0-9+.-]{0,20}:\/\//i);
  if (scheme >= 0) return /^https?:/i.test(word.slice(scheme)) ? { url: word.slice(scheme) } : {};
  const slash = word.indexOf("/");
  const host = slash < 0 ? word : word.slice(0, slash);
  if (host.includes("@")) return host.indexOf(".", host.indexOf("@")) > 0 ? {} : undefined;
  if (!isHost(host.replace(/:\d+$/, ""))) return undefined;
  return slash > 0 || /^www\./i.test(host) ? { url: `https://${word}` } : {};
}

export function findAddresses(text: string): Address[] {
  const found: Address[] = [];
  for (let i = 0; i < text.length; i++) {
    if (!inAddress(text.charCodeAt(i))) continue;
    let end = i;
    let promising = false;
    for (; end < text.length && inAddress(text.charCodeAt(end)); end++) {
      const char = text[end];
      promising ||= char === "." || char === "@" || (char === "/" && text[end + 1] === "/");
    }
    const next = end;
    if (promising) {
      let start = i;
      while (start < end && opening.has(text[start] ?? "")) start++;
      const scheme = text.slice(start, Math.min(end, start + 400)).search(/https?:\/\//i);
      if (scheme > 0) start += scheme;
      while (end > start && closing.has(text[end - 1] ?? "")) end--;
      // An address longer than browsers accept is not examined, only skipped.
      const address = end - start > 4000 ? {} : judge(text.slice(start, end));
      if (address) found.push({ start, end, ...address });
    }
    i = next;
  }
  return found;
}

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

/** "mail.shop.example.co.uk" belongs to the owner of "example.co.uk". */
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
