import { useSyncExternalStore } from "react";

/** The studio has one kind of address: `/w/{slug}`; anything else is the way in. */

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

export const useSlug = (): string | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      window.addEventListener("popstate", listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener("popstate", listener);
      };
    },
    () => slugOfPath(location.pathname),
  );
