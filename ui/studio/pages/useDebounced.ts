import { useEffect, useState } from "react";

const restMs = 250;

/** A value once it has stopped changing for a moment: not every letter of a filter is a question to the server. */
export function useDebounced<T>(value: T): T {
  const [debounced, setDebounced] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return debounced;
}
