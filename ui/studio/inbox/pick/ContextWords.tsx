import { contextParts } from "./context-parts.ts";

/** The words around a candidate, with itself emphasised. */
export function ContextWords({ context, value }: { context: string; value: string }) {
  const parts = contextParts(context, value);
  if (parts === undefined) return null;
  return (
    <q className="pick__context" dir="auto">
      {parts.before}
      <strong>{parts.itself}</strong>
      {parts.after}
    </q>
  );
}
