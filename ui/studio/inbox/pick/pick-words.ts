import type { z } from "zod";
import type { answerWaitBody, CodeWaitBody, OpenedWaitBody } from "../../../../plugin/api/inbox.ts";

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

export interface ContextParts {
  readonly before: string;
  readonly itself: string;
  readonly after: string;
}

/**
 * The words around a value, cut where it stands. Mail writes codes with spaces and dashes between the digits,
 * so those do not count. Undefined where the words say nothing more than the value.
 * @example contextParts("Your code: 482 913.", "482913") // { before: "Your code: ", itself: "482 913", after: "." }
 */
export function contextParts(context: string, value: string): ContextParts | undefined {
  const whole = context.replace(/\s+/g, " ").trim();
  if (whole === "" || whole === value) return undefined;
  const at = rangeOf(whole, value);
  if (at === undefined) return { before: whole, itself: "", after: "" };
  const [start, end] = at;
  return { before: whole.slice(0, start), itself: whole.slice(start, end), after: whole.slice(end) };
}

function rangeOf(whole: string, value: string): readonly [start: number, end: number] | undefined {
  const exact = whole.indexOf(value);
  if (exact !== -1) return [exact, exact + value.length];
  if (!/^[A-Za-z0-9]+$/.test(value)) return undefined;
  const found = new RegExp([...value].join("[\\s-]*"), "i").exec(whole);
  return found ? [found.index, found.index + found[0].length] : undefined;
}

type Candidates = OpenedWaitBody["candidates"];

/** The value of the choice that is no candidate. */
export const byHand = "by hand";

/** What was picked, or what was typed: people copy codes with the spaces their mail has. */
export function readAnswer(
  form: FormData,
  candidates: Candidates,
): z.input<typeof answerWaitBody> | undefined {
  const picked = String(form.get("pick") ?? byHand);
  if (picked === byHand) {
    const code = String(form.get("code") ?? "").trim();
    return code === "" ? undefined : { code };
  }
  const candidate = candidates[Number(picked)];
  return candidate && { message_id: candidate.message_id, value: candidate.value };
}
