import type { ReadingKind } from "../../plugin/api/inbox.ts";
/** How far a message is what it says, in the words of RFC 8601 (pass, fail, softfail, neutral, none, …). */
export interface MessageAuthentication {
  readonly spf: string | null;
  readonly dkim: string | null;
  readonly dmarc: string | null;
  /** Who says so: a trusted server in front of ours, or our own that received the message. */
  readonly by: "trusted-hop" | "here" | "nobody";
}

/** One message for one recipient. Everything in it is data from outside. */
export interface Delivery {
  /** Where it was sent to: an address, a phone number, or a name its sender and waiter agree on. */
  readonly address: string;
  readonly channel: "email" | "sms" | "api";
  /** The author as the message names them ("Name <a@b.example>", a number); empty where it names none. */
  readonly from: string;
  readonly to?: readonly string[];
  readonly cc?: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  /** RFC 5322 Message-ID, and those of In-Reply-To and References. */
  readonly messageId?: string;
  readonly references?: readonly string[];
  readonly authentication?: MessageAuthentication;
  /** The run it is meant for, and what else the sender knows of it. */
  readonly runId?: string;
  readonly taskId?: string;
  readonly workflowId?: string;
  readonly source?: string;
  readonly type?: "code" | "link";
  readonly expiresAt?: Date;
}

export type DeliveryResult =
  | { readonly state: "stored"; readonly id: string; readonly kind: ReadingKind }
  /** The same message was stored a moment ago. */
  | { readonly state: "known"; readonly id: string; readonly kind: ReadingKind }
  /** The mailbox does not take mail of this sender. */
  | { readonly state: "refused" }
  /** There is no such address. */
  | { readonly state: "unknown-address" };
