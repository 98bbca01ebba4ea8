import type { CodeWaitBody, InboxMessageBody } from "../../../plugin/api/inbox.ts";

/** Whether a wait asks for mail of this sender: an address, or a host and all below it. */
export function isOfSender(asked: string | null, { sender, sender_host }: InboxMessageBody): boolean {
  if (asked === null) return true;
  const name = asked.toLowerCase();
  if (name.includes("@")) return sender.toLowerCase().includes(name);
  const host = sender_host.toLowerCase();
  return host === name || host.endsWith(`.${name}`);
}

/** The open waits a message could answer: those of its address or agent, and whose sender it has. */
export const fittingWaits = (waits: readonly CodeWaitBody[], message: InboxMessageBody): CodeWaitBody[] =>
  waits.filter(
    (wait) =>
      wait.state === "waiting" &&
      (wait.address === message.address || (wait.agent !== null && wait.agent === message.agent)) &&
      isOfSender(wait.sender, message),
  );

/** @example waitName({ agent: "agent_a_b", sender: "github.com" }) // "agent_a_b, for messages from github.com" */
export const waitName = ({
  agent,
  address,
  sender,
}: Pick<CodeWaitBody, "agent" | "address" | "sender">): string =>
  `${agent ?? address ?? "Somebody"}${sender === null ? "" : `, for messages from ${sender}`}`;
