import type { RunBody } from "../../../plugin/api/runs.ts";

/** Who started a run. Before there were people, all that signed in had one name. */
export function starterWords({ kind, name, role }: RunBody["started_by"]): string {
  if (role !== null) return `${name} (${role})`;
  return kind === "person" ? "a signed-in person" : name;
}
