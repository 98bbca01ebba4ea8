import type { CodeWaitBody, InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { isFromSender } from "../../../plugin/sender.ts";

/** The open waits a message could answer: those of its address or agent, and whose sender it has. */
export const fittingWaits = (waits: readonly CodeWaitBody[], message: InboxMessageBody): CodeWaitBody[] =>
  waits.filter(
    (wait) =>
      wait.state === "waiting" &&
      (wait.address === message.address || (wait.agent !== null && wait.agent === message.agent)) &&
      (wait.sender === null || isFromSender(wait.sender, message)),
  );

type NamedWait = Pick<CodeWaitBody, "agent" | "address" | "sender">;

/** @example waitName({ agent: "agent_a_b", address: null, sender: "github.com" }) // "agent_a_b, for messages from github.com" */
export const waitName = (wait: NamedWait): string =>
  `${waiterOf(wait)}${wait.sender === null ? "" : `, for messages from ${wait.sender}`}`;

/** @example waitSentence({ agent: "agent_a_b", address: null, sender: null }) // "agent_a_b waits for a code." */
export const waitSentence = (wait: NamedWait): string =>
  `${waiterOf(wait)} waits for a code${wait.sender === null ? "" : ` from ${wait.sender}`}.`;

/** @example runWords({ workflow_slug: "sign-in", run_id: "0b1c2d3e-…" }) // "In workflow sign-in, run 0b1c2d3e, began to wait" */
export function runWords({ workflow_slug, run_id }: Pick<CodeWaitBody, "workflow_slug" | "run_id">): string {
  const run = run_id === null ? "" : ` run ${run_id.slice(0, 8)},`;
  return workflow_slug === null ? "Began to wait" : `In workflow ${workflow_slug},${run} began to wait`;
}

/** What a person is asked above the messages. Not every wait is a run's: programs wait over HTTP too. */
export function askingWords(wait: NamedWait & Pick<CodeWaitBody, "workflow_slug">): string {
  const { workflow_slug: slug } = wait;
  const whose = slug === null ? waiterOf(wait) : `${slug}, ${waiterOf(wait)}`;
  return `${slug === null ? "An agent" : "A run"} waits, and only a person can say which code is meant: ${whose}.`;
}

const waiterOf = ({ agent, address }: NamedWait): string => agent ?? address ?? "A program";
