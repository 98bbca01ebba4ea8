/** A stretch of a text and the reasons that count there, by their place in the list. */
export interface TextPart {
  readonly text: string;
  readonly reasons: readonly number[];
}

interface Placed {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Cuts a text where reasons begin and end; they may lie over one another, and one may lie outside it. */
export function textParts(text: string, reasons: readonly Placed[]): TextPart[] {
  const placed = reasons.flatMap(({ start, end }, index) =>
    start === undefined || end === undefined || start < 0 || end <= start || start >= text.length
      ? []
      : [{ start, end: Math.min(end, text.length), index }],
  );
  const cuts = [...new Set([0, text.length, ...placed.flatMap(({ start, end }) => [start, end])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, place) => {
    const start = cuts[place] ?? 0;
    const here = placed.filter((one) => one.start <= start && one.end >= end);
    return { text: text.slice(start, end), reasons: here.map(({ index }) => index) };
  });
}
