import slugifyModule from "slugify";

// slugify is CommonJS: its types put the function on `default`, Node hands over the function itself.
const slugify = slugifyModule as unknown as typeof slugifyModule.default;

const longest = 60;

/**
 * The part of a workflow's name that usernames are made of. It never contains `_`, so that
 * `agent_{slug}_{node}` can be read back in one way only.
 */
export function slugOfName(name: string): string {
  const slug = slugify(name.replaceAll("_", "-"), { lower: true, strict: true })
    // Lower-casing some letters adds combining marks, after slugify has looked for them.
    .replaceAll(/[^a-z0-9-]+/g, "")
    .replaceAll(/-{2,}/g, "-");
  return trimDashes(trimDashes(slug).slice(0, longest)) || "workflow";
}

/** The slug itself, then `slug-2`, `slug-3`, … : the first that is not taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? "" : `-${number}`;
    const candidate = trimDashes(slug.slice(0, longest - suffix.length)) + suffix;
    if (!taken.has(candidate)) return candidate;
  }
}

const trimDashes = (text: string): string => text.replaceAll(/^-+|-+$/g, "");
