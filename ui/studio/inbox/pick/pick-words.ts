import type { CodeWaitBody, OpenedWaitBody } from "../../../../plugin/api/inbox.ts";

/**
 * Whether a person is asked whose a code is, and not which one is meant: all that arrived is one code, and
 * others wait at the same place.
 */
export const isOneCode = (
  { id, agent, address, ambiguous, candidates }: OpenedWaitBody,
  waits: readonly CodeWaitBody[],
): boolean =>
  ambiguous &&
  new Set(candidates.map(({ value }) => value)).size === 1 &&
  waits.some(
    (other) =>
      other.id !== id &&
      other.state === "waiting" &&
      other.ambiguous &&
      other.address === address &&
      other.agent === agent,
  );

/** What the dialog asks, once it is known what there is to choose from. */
export const titleOf = (wait: Pick<OpenedWaitBody, "candidates"> | undefined, isOne: boolean): string =>
  wait === undefined || wait.candidates.length === 0
    ? "Give the code"
    : isOne
      ? "Whose code is it?"
      : "Which code is it?";
