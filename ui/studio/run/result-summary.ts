const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A result in one line: its plain fields, or why it failed. Masked values arrive masked. */
export function summaryOf(result: unknown): string {
  if (result === undefined || result === null) return "";
  if (!isRecord(result)) return typeof result === "string" ? result : JSON.stringify(result);
  if (result.success === false && typeof result.error === "string") return result.error;
  return Object.entries(result)
    .filter(
      ([name, value]) => name !== "success" && value !== "" && !isRecord(value) && !Array.isArray(value),
    )
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(" · ");
}
