/** The address in "Name <a@b.example>", lower case; the text itself where there is none. */
export function addressOf(from: string): string {
  const [, bracketed] = /<([^<>]*)>\s*$/.exec(from) ?? [];
  return (bracketed ?? from).trim().toLowerCase();
}

/** The host of an address; of a number or a name, itself. */
export const hostOf = (from: string): string => {
  const address = addressOf(from);
  return address.slice(address.lastIndexOf("@") + 1);
};

/** Whether a rule (an address, or a host and all below it) means this sender. */
export function isFromSender(
  rule: string,
  { sender, senderHost }: { readonly sender: string; readonly senderHost: string },
): boolean {
  const wanted = rule.trim().toLowerCase().replace(/^@/, "");
  if (wanted.includes("@")) return addressOf(sender) === wanted;
  return senderHost === wanted || senderHost.endsWith(`.${wanted}`);
}

/** Whether the sender or the subject names a service. */
export const mentionsService = (service: string, sender: string, subject: string): boolean => {
  const word = service.trim().toLowerCase();
  return sender.toLowerCase().includes(word) || subject.toLowerCase().includes(word);
};
