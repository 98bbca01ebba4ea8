/** JSON as a literal of TypeScript. Lists and objects below `depth` are on one line, so a person can read the whole. */
export function printLiteral(value: unknown, depth: number, indent = ""): string {
  if (typeof value !== "object" || value === null || depth === 0) return JSON.stringify(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => printLiteral(item, depth - 1, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => `${JSON.stringify(name)}: ${printLiteral(item, depth - 1, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}${close}`;
}
