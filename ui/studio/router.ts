import { useSyncExternalStore } from "react";

/**
 * The studio's addresses: `/w/{slug}`, with `?run={id}` for looking back at a run; `/vault`, with
 * `?entry={id}` for the open entry; `/inbox`, with `?message={id}` for the open message or `?show=` for what is
 * beside its list; `/hosts`; `/audit`; `/settings/{page}`. Any other address opens the last
 * workflow.
 */

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

export const slugOfPath = (path: string): string | undefined => {
  const slug = /^\/w\/([^/]+)\/?$/.exec(path)?.[1];
  return slug === undefined ? undefined : decodeURIComponent(slug);
};

export const pathOfSlug = (slug: string | undefined): string =>
  slug === undefined ? "/" : `/w/${encodeURIComponent(slug)}`;

export type StudioPage = "vault" | "inbox" | "hosts" | "audit" | "settings";

export const pageOfPath = (path: string): StudioPage | undefined =>
  /^\/(vault|inbox|hosts|audit|settings)(?:(?<=settings)\/[a-z-]+)?\/?$/.exec(path)?.[1] as
    | StudioPage
    | undefined;

/** The page of the settings that an address names. */
export const settingsPageOfPath = (path: string): string | undefined =>
  /^\/settings\/([a-z-]+)\/?$/.exec(path)?.[1];

export function goToPath(path: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", path);
  tell();
}

export const goTo = (slug: string | undefined, how?: { replace: boolean }): void =>
  goToPath(pathOfSlug(slug), how);

export const pathOfRun = (slug: string, runId: string): string =>
  `${pathOfSlug(slug)}?run=${encodeURIComponent(runId)}`;

/** Opens a past run of a workflow; `goTo(slug)` leads back to editing. */
export const goToRun = (slug: string, runId: string): void => goToPath(pathOfRun(slug, runId));

const useAddress = <T>(read: () => T): T =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    window.addEventListener("popstate", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("popstate", listener);
    };
  }, read);

export const useSlug = (): string | undefined => useAddress(() => slugOfPath(location.pathname));

export const useStudioPage = (): StudioPage | undefined => useAddress(() => pageOfPath(location.pathname));

export const useSettingsPage = (): string | undefined =>
  useAddress(() => settingsPageOfPath(location.pathname));

/** One parameter of the address's query. */
export const useOfAddress = (name: "run" | "entry" | "message" | "show" | "subject"): string | undefined =>
  useAddress(() => new URLSearchParams(location.search).get(name) || undefined);
