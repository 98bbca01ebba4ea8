/** Whether two JSON values say the same, whatever the order of their keys: databases keep their own order. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameJson(item, right[index]))
    );
  }
  const [a, b] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].every((key) => sameJson(a.get(key), b.get(key)));
}
