import { type Role, role } from "../../../../plugin/roles.ts";

type RolesOfGroups = Readonly<Record<string, readonly Role[]>>;

/** @example writeGroupLines({ engineering: ["builder"] }) // "engineering: builder" */
export const writeGroupLines = (groups: RolesOfGroups): string =>
  Object.entries(groups)
    .map(([group, held]) => `${group}: ${held.join(", ")}`)
    .join("\n");

/** Reads "group: role, role" a line. A group's own name may hold colons. */
export function readGroupLines(
  text: string,
): { readonly roles: Record<string, Role[]> } | { readonly problem: string } {
  const read: Record<string, Role[]> = {};
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const colon = line.lastIndexOf(":");
    const held = line
      .slice(colon + 1)
      .split(",")
      .map((word) => role.safeParse(word.trim().toLowerCase()).data);
    const group = line.slice(0, Math.max(0, colon)).trim();
    if (group === "" || held.includes(undefined))
      return { problem: `Line ${at + 1}: write a group, a colon and roles, such as engineering: builder.` };
    read[group] = held.filter((name) => name !== undefined);
  }
  return { roles: read };
}
