import type { Delivery, DeliveryResult } from "../inbox/delivery.ts";

/** The two functions this room is handed; behind them is the inbox. */
export type KnowsAddress = (address: string) => Promise<boolean>;
export type Deliver = (mail: Delivery) => Promise<DeliveryResult>;

/** Facts only: sizes, ids, counts, states. No subject, no address, no body goes through here. */
export interface MailLog {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
}

/** What became of one message, over all its recipients. */
export type Outcome = "taken" | "try-later" | "refused" | "unknown-address";

export interface Handover {
  readonly outcome: Outcome;
  /** One a recipient, for the log. */
  readonly states: readonly string[];
}

/**
 * Delivers one message to each of its addresses. When one of them failed for now, the sender is asked to
 * send again: the inbox knows the message by then and keeps it once.
 */
export async function deliverToEach(
  addresses: readonly string[],
  mail: Omit<Delivery, "address">,
  { deliver, log }: { deliver: Deliver; log: MailLog },
): Promise<Handover> {
  const states: string[] = [];
  for (const address of addresses) {
    try {
      states.push((await deliver({ ...mail, address })).state);
    } catch (err) {
      log.warn({ err }, "a mail could not be stored for now");
      states.push("failed");
    }
  }
  const has = (...wanted: string[]) => states.some((state) => wanted.includes(state));
  if (has("failed")) return { outcome: "try-later", states };
  if (has("stored", "known")) return { outcome: "taken", states };
  return { outcome: has("refused") ? "refused" : "unknown-address", states };
}
