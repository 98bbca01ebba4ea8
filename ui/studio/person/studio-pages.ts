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

/** Those that the person can use. */
export function useStudioPages(): readonly (readonly [href: string, name: StudioPageName])[] {
  const held = useWhoami()?.scopes ?? [];
  return pages
    .filter(([, , may]: StudioPageLink) => may.length === 0 || may.some((scope) => held.includes(scope)))
    .map(([href, name]) => [href, name] as const);
}
