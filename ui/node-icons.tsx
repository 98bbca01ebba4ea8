import { Ban, Check, Clock, LoaderCircle, type LucideIcon, X } from "lucide-react";
import type { PartStatus } from "./canvas/card-states.tsx";
import { catalogueIcons } from "./catalogue-icons.ts";

const statusIcons: Record<PartStatus, LucideIcon> = {
  waiting: Clock,
  running: LoaderCircle,
  done: Check,
  failed: X,
  cancelled: Ban,
};

/** The icon that a contract names, if this package has it. Decorative: the label beside it says the same. */
export function NodeIconMark({ icon, size = 18 }: { icon: string; size?: number }) {
  const Icon = catalogueIcons[icon];
  return Icon && <Icon size={size} strokeWidth={1.75} aria-hidden />;
}

export function NodeStatusIcon({ status }: { status: PartStatus }) {
  const Icon = statusIcons[status];
  return <Icon size={12} strokeWidth={2.75} aria-hidden />;
}
