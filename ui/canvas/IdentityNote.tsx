import type { CardIdentity } from "./identity-states.tsx";

/** Whose identity, how its account stands, when it was last used and who else can read its codes. */
export const IdentityNote = ({ identity }: { identity: CardIdentity }) => (
  <dl>
    <dt>Identity</dt>
    <dd>
      <code>{identity.username}</code>
    </dd>
    <dt>Account</dt>
    <dd>{identity.standing}</dd>
    <dt>Last used</dt>
    <dd title={identity.lastUsedAt ?? undefined}>
      {identity.lastUsedAt === null ? "Never" : timeSince(identity.lastUsedAt, Date.now())}
    </dd>
    <dt>Others who can read its codes</dt>
    <dd>{identity.otherReaders.length === 0 ? "Nobody" : identity.otherReaders.join(", ")}</dd>
  </dl>
);

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** "2 minutes ago", in whole units. */
export function timeSince(at: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1_000));
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (["second", 1] as const);
  const count = Math.floor(seconds / size);
  if (count === 0) return "Just now";
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
