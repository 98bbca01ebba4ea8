import {
  Ban,
  Bot,
  Check,
  Clock,
  Fingerprint,
  Globe,
  Inbox,
  KeyRound,
  LoaderCircle,
  LockKeyhole,
  type LucideIcon,
  MessageCircle,
  Play,
  Send,
  ShieldCheck,
  Sparkles,
  StickyNote,
  UserPlus,
  Vault,
  X,
} from "lucide-react";
import type { NodeIcon } from "../plugin/node-card.ts";
import type { PartStatus } from "./canvas/card-states.tsx";

const icons: Record<NodeIcon, LucideIcon> = {
  "message-circle": MessageCircle,
  play: Play,
  sparkles: Sparkles,
  bot: Bot,
  "user-plus": UserPlus,
  "key-round": KeyRound,
  "shield-check": ShieldCheck,
  fingerprint: Fingerprint,
  globe: Globe,
  vault: Vault,
  "lock-keyhole": LockKeyhole,
  send: Send,
  inbox: Inbox,
  "sticky-note": StickyNote,
};

const statusIcons: Record<PartStatus, LucideIcon> = {
  waiting: Clock,
  running: LoaderCircle,
  done: Check,
  failed: X,
  cancelled: Ban,
};

/** The icon a contract names. Decorative: the label beside it says the same. */
export function NodeIconMark({ icon, size = 18 }: { icon: NodeIcon; size?: number }) {
  const Icon = icons[icon];
  return <Icon size={size} strokeWidth={1.75} aria-hidden />;
}

export function NodeStatusIcon({ status }: { status: PartStatus }) {
  const Icon = statusIcons[status];
  return <Icon size={12} strokeWidth={2.75} aria-hidden />;
}
