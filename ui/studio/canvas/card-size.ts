import { findCard } from "../../../plugin/node-cards.ts";

/** The sizes that `ui/styles.css` gives to cards, for placing them before they are drawn; an agent's with what hangs below it. */
export function cardSize(type: string): { width: number; height: number } {
  const { kind, shows } = findCard(type) ?? {};
  if (kind === "agent") return { width: 232, height: 116 };
  if (kind === "note") return { width: 220, height: 40 };
  if (shows) return { width: 200, height: 92 };
  return kind === "model" ? { width: 200, height: 106 } : { width: 200, height: 58 };
}
