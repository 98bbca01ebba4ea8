import { type FocusEvent, type PointerEvent, type UIEvent, useEffect, useRef, useState } from "react";
import type { InboxMessageBody } from "../../../plugin/api/inbox.ts";
import { arrivalWords } from "./message-words.ts";

export interface Arrivals {
  readonly shown: readonly InboxMessageBody[];
  /** How many are held back, so that no row moves under the pointer. */
  readonly held: number;
  readonly release: () => void;
  /** What is said to those who cannot see it. */
  readonly news: string;
}

/**
 * New messages come in at the top. While the user works in the list they wait, so that no row slips away
 * under the pointer or the focus; what is in the list already changes in its place.
 */
export function useArrivals(messages: readonly InboxMessageBody[], busy: boolean, list: string): Arrivals {
  const [seen, setSeen] = useState({ list, ids: idsOf(messages) });
  const [news, setNews] = useState("");
  const told = useRef(seen);
  const same = seen.list === list;
  const newcomers = same ? newcomersOf(messages, seen.ids) : [];

  useEffect(() => {
    const before = told.current;
    told.current = { list, ids: idsOf(messages) };
    if (before.list !== list) return setNews("");
    const arrived = newcomersOf(messages, before.ids);
    const [only, ...more] = arrived;
    if (only) setNews(more.length === 0 ? arrivalWords(only) : `${arrived.length} messages arrived.`);
  }, [messages, list]);
  useEffect(() => {
    if (!busy || !same) setSeen({ list, ids: idsOf(messages) });
  }, [busy, same, messages, list]);

  const hidden = new Set(busy ? newcomers.map(({ id }) => id) : []);
  return {
    shown: hidden.size === 0 ? messages : messages.filter(({ id }) => !hidden.has(id)),
    held: hidden.size,
    release: () => setSeen({ list, ids: idsOf(messages) }),
    news,
  };
}

const idsOf = (messages: readonly InboxMessageBody[]): ReadonlySet<string> =>
  new Set(messages.map(({ id }) => id));

/** Those above everything that was known: what comes below was there before and is only read now. */
function newcomersOf(messages: readonly InboxMessageBody[], known: ReadonlySet<string>): InboxMessageBody[] {
  const first = messages.findIndex(({ id }) => known.has(id));
  return messages.slice(0, first === -1 ? messages.length : first);
}

/** Whether the user works in a list: points at it, has the focus in it, or has scrolled away from its top. */
export function useBusyList() {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  return {
    busy: pointed || focused || scrolled,
    frame: {
      // A finger leaves no pointer behind.
      onPointerEnter: ({ pointerType }: PointerEvent) => setPointed(pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) =>
        setFocused(currentTarget.contains(relatedTarget)),
      onScroll: ({ currentTarget }: UIEvent<HTMLElement>) => setScrolled(currentTarget.scrollTop > 4),
    },
  };
}
