// Generated from the catalogue by `npm run manifest`.
import {
  Bot,
  Fingerprint,
  Globe,
  Inbox,
  KeyRound,
  LockKeyhole,
  MessageCircle,
  Play,
  Send,
  ShieldCheck,
  Sparkles,
  StickyNote,
  UserPlus,
  Vault,
  type LucideIcon,
} from "lucide-react";

/** The icons that contracts name. */
export const catalogueIcons: Readonly<Record<string, LucideIcon>> = {
  "message-circle": MessageCircle,
  "play": Play,
  "bot": Bot,
  "sparkles": Sparkles,
  "user-plus": UserPlus,
  "key-round": KeyRound,
  "shield-check": ShieldCheck,
  "fingerprint": Fingerprint,
  "vault": Vault,
  "lock-keyhole": LockKeyhole,
  "inbox": Inbox,
  "globe": Globe,
  "send": Send,
  "sticky-note": StickyNote,
};
