/** A point of a path of one cubic Bézier curve, as both flow libraries draw edges; `at` is 0 at its start, 1 at its end. */
export function pointOn(path: string, at: number): { x: number; y: number } {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = (
    path.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []
  ).map(Number);
  const rest = 1 - at;
  const mix = (a: number, b: number, c: number, d: number) =>
    rest ** 3 * a + 3 * rest ** 2 * at * b + 3 * rest * at ** 2 * c + at ** 3 * d;
  return { x: mix(x0, x1, x2, x3), y: mix(y0, y1, y2, y3) };
}
