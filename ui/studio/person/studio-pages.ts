import { useQuery } from "@tanstack/react-query";
import type { Scope } from "../../../plugin/api/scopes.ts";
import { useWhoami } from "./whoami.ts";

type StudioPageLink = readonly [href: string, name: string, may: readonly Scope[]];

/** The pages beside the canvas. Any of the scopes is enough; without one the page is for all. */
const pages = [
  ["/vault", "Vault", ["vault:read", "lists:read"]],
  ["/inbox", "Inbox", ["mail:read", "lists:read"]],
  ["/hosts", "Hosts", ["agent_users:manage", "lists:read"]],
  ["/audit", "Audit log", ["audit:read"]],
  ["/settings", "Settings", []],
] as const satisfies readonly StudioPageLink[];

export type StudioPageName = (typeof pages)[number][1];

const includes = (held: readonly Scope[], [, , may]: StudioPageLink): boolean =>
  may.length === 0 || may.some((scope) => held.includes(scope));

/** Those that the person can use. */
export function useStudioPages(): readonly (readonly [href: string, name: StudioPageName])[] {
  const held = useWhoami()?.scopes ?? [];
  const [vault] = pages;
  const hasGrant = useHasGrant(!includes(held, vault));
  return pages
    .filter((page) => includes(held, page) || (page === vault && hasGrant))
    .map(([href, name]) => [href, name] as const);
}

/** Whether an entry of the vault is granted to a person whose role does not include the vault. */
function useHasGrant(enabled: boolean): boolean {
  const { data } = useQuery({
    queryKey: ["vault", "has grant"],
    queryFn: async () => {
      const { listEntries } = await import("../api/vault-endpoints.ts");
      return (await listEntries()).entries.length > 0;
    },
    enabled,
  });
  return data === true;
}

/** Why a page stays closed that was opened by its address; undefined where it is open. The vault shows what is granted. */
export function useWhyClosed(title: string): string | undefined {
  const held = useWhoami()?.scopes ?? [];
  const page = pages.find(([, name]) => name === title);
  return page === undefined || page === pages[0] || includes(held, page)
    ? undefined
    : "An owner or administrator can change your role.";
}
