/** The address in "Name <a@b.example>", lower case; the text itself where there is none. */
function addressOf(from: string): string {
  const [, bracketed] = /<([^<>]*)>\s*$/.exec(from) ?? [];
  return (bracketed ?? from).trim().toLowerCase();
}

const hostShape = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const numberShape = /^\+?[\d ]{2,20}$/;

const withoutSpaces = (text: string): string => (numberShape.test(text) ? text.replaceAll(" ", "") : text);

/** The host of an address. A phone number is returned as it is. A name gives "", because every sender can use it. */
export function hostOf(from: string): string {
  const address = addressOf(from);
  if (numberShape.test(address)) return withoutSpaces(address);
  const at = address.lastIndexOf("@");
  const host = at < 0 ? "" : address.slice(at + 1);
  return hostShape.test(host) && (host.includes(".") || host === "localhost") ? host : "";
}

/** Whether a rule (an address, a number, a name, or a host and all below it) means this sender. */
export function isFromSender(
  rule: string,
  { sender, sender_host }: { readonly sender: string; readonly sender_host: string },
): boolean {
  const wanted = rule.trim().toLowerCase().replace(/^@/, "");
  if (wanted.includes("@")) return addressOf(sender) === wanted;
  if (wanted === "") return false;
  // A name with a dot in it would pass for the host of that name.
  if (!wanted.includes(".") && withoutSpaces(addressOf(sender)) === withoutSpaces(wanted)) return true;
  return sender_host === wanted || sender_host.endsWith(`.${wanted}`);
}
