import { useEffect, useState } from "react";

const restMs = 250;

/** A value once it has stopped changing for a moment: nobody wants an answer for every letter. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
