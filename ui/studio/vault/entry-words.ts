import type { VaultEntryBody, VaultRightBody } from "../../../plugin/api/vault.ts";

const typeWords: Readonly<Record<string, string>> = {
  LOGIN: "Login",
  API_KEY: "API key",
  OAUTH: "OAuth",
  TOTP: "One-time code",
  SSH_KEY: "SSH key",
  DATABASE: "Database",
  SMTP: "SMTP",
  AWS: "AWS",
  CERTIFICATE: "Certificate",
  CARD: "Card",
  SHIPPING_ADDRESS: "Shipping address",
  CUSTOM: "Custom",
};
export const wordsOfType = (type: string): string => typeWords[type] ?? type;

/** Which service and which account there, as far as the link or the key said. */
export const issuerAndAccount = ({ one_time }: VaultEntryBody): string =>
  [one_time?.issuer, one_time?.account].filter((part) => part !== null && part !== undefined).join(" · ");

const kindWords: Readonly<Record<string, string>> = {
  agent_user: "agent",
  service_key: "key",
  person: "person",
  role: "role",
};
/** Agents, keys and people may have the same name. What people add belongs to the workspace. */
export const principalWords = ({ kind, name }: { kind: string; name: string }): string =>
  kind === "administrator" ? "The workspace" : `${name} (${kindWords[kind] ?? kind})`;

export const rightWords: Readonly<Record<VaultRightBody, { name: string; means: string }>> = {
  codes: { name: "Codes", means: "Read its current one-time code." },
  backup: { name: "Backup codes", means: "Take one of its backup codes, which is then used up." },
  data: { name: "Data", means: "Read the data stored with it: username, password, notes." },
  manage: { name: "Manage", means: "Replace its seed, delete it, and decide who else may use it." },
};

export const rightsInWords = (rights: readonly VaultRightBody[]): string =>
  rights.map((right) => rightWords[right].name).join(", ");

/** Whether the texts of an entry's row have all the words of a search. */
export function isFound(entry: VaultEntryBody, search: string): boolean {
  const text = [
    entry.name,
    issuerAndAccount(entry),
    principalWords(entry.owner),
    wordsOfType(entry.type),
    ...entry.origins,
  ]
    .join(" ")
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export interface EntryMark {
  readonly words: string;
  readonly tone: "plain" | "danger" | "warning";
  /** Why it is marked, in a sentence. */
  readonly why: string;
}

const day = 86_400_000;
const soonDays = 14;
const staleDays = 90;

/** What is worth knowing about an entry before it is needed. `now` is the server's clock. */
export function marksOf(entry: VaultEntryBody, now: number): EntryMark[] {
  const marks: EntryMark[] = [];
  const { one_time, expires_at, last_used_at, created_at } = entry;
  if (expires_at !== null) {
    const left = Date.parse(expires_at) - now;
    if (left <= 0) marks.push({ words: "Expired", tone: "danger", why: "It gives no codes any more." });
    else if (left <= soonDays * day)
      marks.push({ words: "Expires soon", tone: "warning", why: `It expires within ${soonDays} days.` });
  }
  if (one_time?.pending)
    marks.push({ words: "Pending", tone: "warning", why: "Agents get no codes until one was confirmed." });
  if (one_time?.weak_secret)
    marks.push({
      words: "Weak",
      tone: "warning",
      why: "Its secret has fewer than the 128 bits that RFC 4226 asks for.",
    });
  if (entry.origins.length === 0)
    marks.push({
      words: "Belongs nowhere",
      tone: "warning",
      why: "No address is named, so its secrets are put into no request of an agent.",
    });
  if (now - Date.parse(last_used_at ?? created_at) > staleDays * day)
    marks.push({
      words: "Stale",
      tone: "plain",
      why: `Not used for ${staleDays} days.`,
    });
  return marks;
}
