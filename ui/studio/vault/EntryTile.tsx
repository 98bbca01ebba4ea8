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
import { tileOf } from "./tile-of.ts";

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

/** An entry at a glance: the sign of its kind, or its service's letter; the same colour for the same service. */
export function EntryTile({ entry }: { entry: VaultEntryBody }) {
  const { letter, tint } = tileOf(entry.one_time?.issuer ?? entry.name);
  const Icon = entry.one_time ? undefined : typeIcons[entry.type];
  return (
    <span className="tile" data-tint={tint} aria-hidden>
      {Icon ? <Icon size={16} strokeWidth={2} /> : letter}
    </span>
  );
}
