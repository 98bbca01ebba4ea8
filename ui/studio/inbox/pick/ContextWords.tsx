import { contextParts } from "./context-parts.ts";
import styles from "./PickForm.module.css";

/** The words around a candidate, with itself emphasised. */
export function ContextWords({ context, value }: { context: string; value: string }) {
  const parts = contextParts(context, value);
  if (parts === undefined) return null;
  return (
    <q className={styles.context} dir="auto">
      {parts.before}
      <strong>{parts.itself}</strong>
      {parts.after}
    </q>
  );
}
