import {
  BadgeCheck,
  Cloud,
  CreditCard,
  Database,
  KeyRound,
  type LucideIcon,
  Mail,
  Package,
  SquareTerminal,
} from "lucide-react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import styles from "./EntryTile.module.css";

const typeIcons: Readonly<Record<string, LucideIcon>> = {
  API_KEY: KeyRound,
  SSH_KEY: SquareTerminal,
  DATABASE: Database,
  SMTP: Mail,
  AWS: Cloud,
  CERTIFICATE: BadgeCheck,
  CARD: CreditCard,
  SHIPPING_ADDRESS: Package,
};

const tints = 8;

/** The letter and the colour of a service, always the same. */
export function tileOf(name: string): { letter: string; tint: number } {
  const plain = name.trim().toLowerCase();
  const [letter = "?"] = plain.match(/[\p{L}\p{N}]/u) ?? [];
  let hash = 0;
  for (const character of plain) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return { letter: letter.toUpperCase(), tint: hash % tints };
}

/** An entry at a glance: the sign of its kind, or its service's letter; the same colour for the same service. */
export function EntryTile({ entry }: { entry: VaultEntryBody }) {
  const { letter, tint } = tileOf(entry.one_time?.issuer ?? entry.name);
  const Icon = entry.one_time ? undefined : typeIcons[entry.type];
  return (
    <span className={styles.tile} data-tint={tint} aria-hidden>
      {Icon ? <Icon size={16} strokeWidth={2} /> : letter}
    </span>
  );
}
