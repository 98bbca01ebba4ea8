/** The first of words sorted by start that begins at or after `from` and ends by `to`. */
export function firstWithin<Span extends { start: number; end: number }>(
  words: Span[],
  from: number,
  to: number,
): Span | undefined {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.start ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found = words[low];
  return found && found.end <= to ? found : undefined;
}
