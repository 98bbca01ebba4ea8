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
  const at = placeOf(whole, value);
  if (at === undefined) return { before: whole, itself: "", after: "" };
  const [start, end] = at;
  return { before: whole.slice(0, start), itself: whole.slice(start, end), after: whole.slice(end) };
}

function placeOf(whole: string, value: string): readonly [start: number, end: number] | undefined {
  const exact = whole.indexOf(value);
  if (exact !== -1) return [exact, exact + value.length];
  if (!/^[A-Za-z0-9]+$/.test(value)) return undefined;
  const found = new RegExp([...value].join("[\\s-]*"), "i").exec(whole);
  return found ? [found.index, found.index + found[0].length] : undefined;
}
