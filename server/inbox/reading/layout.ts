/**
 * Where lines and sentences of a text begin and end. Both are found once, so that asking which sentence an
 * offset is in costs nothing however long the text is.
 */
export type Layout = { line: Uint32Array; sentence: Uint32Array; lineStarts: number[] };

const terminators = new Set(".!?。！？؟।။።…".split("").map((c) => c.charCodeAt(0)));
const wide = new Set("。！？।။።".split("").map((c) => c.charCodeAt(0)));

export function layOut(text: string): Layout {
  const line = new Uint32Array(text.length + 1);
  const sentence = new Uint32Array(text.length + 1);
  const lineStarts = [0];
  let lines = 0;
  let sentences = 0;
  for (let i = 0; i < text.length; i++) {
    line[i] = lines;
    sentence[i] = sentences;
    const unit = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (unit === 0x0a) {
      lines++;
      lineStarts.push(i + 1);
      // A line may break inside a sentence, an empty line may not.
      if (next === 0x0a) sentences++;
    } else if (terminators.has(unit) && (wide.has(unit) || !(next > 0x20))) sentences++;
  }
  line[text.length] = lines;
  sentence[text.length] = sentences;
  return { line, sentence, lineStarts };
}

/** The line an offset is in, without its line break. */
export function lineAt(text: string, layout: Layout, offset: number): [start: number, end: number] {
  const index = layout.line[offset] ?? 0;
  const start = layout.lineStarts[index] ?? 0;
  const next = layout.lineStarts[index + 1];
  return [start, next === undefined ? text.length : next - 1];
}
