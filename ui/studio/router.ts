import { useSyncExternalStore } from "react";

/** The studio's addresses: `/w/{slug}`, with `?run={id}` for looking back at a run; anything else is the way in. */

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

export function goTo(slug: string | undefined, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", pathOfSlug(slug));
  tell();
}

/** Opens a past run of a workflow; `goTo(slug)` leads back to editing. */
export function goToRun(slug: string, runId: string): void {
  history.pushState(null, "", `${pathOfSlug(slug)}?run=${encodeURIComponent(runId)}`);
  tell();
}

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

export const useRunOfAddress = (): string | undefined =>
  useAddress(() => new URLSearchParams(location.search).get("run") || undefined);
