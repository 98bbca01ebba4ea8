/** A link to this computer's own name reaches no server on another one. */
export const whoCanOpen = (link: string): string =>
  /^https?:\/\/(localhost|127\.|\[::1\])/.test(link)
    ? " It opens only on this computer. For people on others, start Totem with TOTEM_PUBLIC_URL."
    : "";
