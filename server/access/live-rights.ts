import { sql } from "kysely";
import { isUuid } from "../../plugin/uuid.ts";
import { hasLiveApiKey, isLiveKey, isLiveSession, liveWorkloadTokens } from "../database/is-live.ts";
import type { AuthenticatedCaller } from "./caller.ts";
import type { AuthenticationParts, Credentials } from "./credentials.ts";
import { studioSessionHash } from "./open-session.ts";

/** What a caller may do and where, as one text: another text is another right. */
type Rights = string;

/** A request that has been let in. */
export interface Admitted {
  readonly credentials: Credentials;
  readonly caller: AuthenticatedCaller;
  /** The key pair that signed it. */
  readonly keyPairId?: string | undefined;
}

/**
 * Of requests that were let in before, those whose credentials would not let them in any more, or with other rights:
 * signed out, revoked, removed, disabled, rotated, expired, too long unused. One statement for all of them.
 */
export async function findEnded<T extends Admitted>(
  { db, clock, adminKeyHash, sessionIdleMs: idleMs }: AuthenticationParts,
  admitted: readonly T[],
): Promise<T[]> {
  const hashOf = ({ kind, hash }: Credentials): string =>
    kind === "cookie" ? studioSessionHash(hash, adminKeyHash) : hash;
  const hashes = (kind: Credentials["kind"]) =>
    sql`any(${[...new Set(admitted.flatMap(({ credentials: one }) => (one.kind === kind ? hashOf(one) : [])))]}::text[])`;
  const agentUserIds = admitted.flatMap(({ credentials: { kind, hash } }) =>
    kind === "tool" && isUuid(hash) ? hash : [],
  );
  const now = clock.now();
  const { rows } = await sql<{ kind: string; hash: string; workspace_id: string; rights: string[] }>`
    select 'cookie' as kind, s.token_hash as hash, s.workspace_id, coalesce(m.roles, '{owner}') as rights
    from studio_session s
    left join workspace_member m on m.person_id = s.person_id and m.workspace_id = s.workspace_id
      and m.removed_at is null
    where s.token_hash = ${hashes("cookie")} and ${isLiveSession("s", { now, idleMs })}
      and (s.person_id is null or m.person_id is not null)
    union all
    select 'bearer', k.key_hash, k.workspace_id, k.scopes from service_key k
    where k.key_hash = ${hashes("bearer")} and ${isLiveKey("k", now)}
    union all
    select 'bearer', k.previous_key_hash, k.workspace_id, k.scopes from service_key k
    where k.previous_key_hash = ${hashes("bearer")} and k.previous_until > ${now} and ${isLiveKey("k", now)}
    union all
    select 'bearer', u.api_key_hash, u.workspace_id, u.scopes from agent_user u
    where u.api_key_hash = ${hashes("bearer")} and u.disabled_at is null and ${hasLiveApiKey("u", now)}
    union all
    select 'bearer', s.token_hash, u.workspace_id, u.scopes
    from agent_session s join agent_user u on u.id = s.agent_user_id
    where s.token_hash = ${hashes("bearer")} and s.expires_at > ${now} and u.disabled_at is null
    union all
    select 'tool', u.id::text, u.workspace_id, u.scopes from agent_user u
    where u.id = any(${agentUserIds}::uuid[]) and u.disabled_at is null
    union all
    select 'bearer', t.token_hash, t.workspace_id, coalesce(u.scopes, k.scopes)
    from ${liveWorkloadTokens(now)}
    left join agent_user u on u.id = r.agent_user_id and u.disabled_at is null and ${hasLiveApiKey("u", now)}
    left join service_key k on k.id = r.service_key_id and ${isLiveKey("k", now)}
    where t.token_hash = ${hashes("bearer")} and (u.id is not null or k.id is not null)
    union all
    select 'path', t.token_hash, t.workspace_id, coalesce(u.scopes, k.scopes)
    from mcp_token t
    left join agent_user u on u.id = t.agent_user_id and u.disabled_at is null and ${hasLiveApiKey("u", now)}
    left join service_key k on k.id = t.service_key_id and ${isLiveKey("k", now)}
    where t.token_hash = ${hashes("path")} and t.revoked_at is null and (u.id is not null or k.id is not null)
    union all
    select 'key_pair', p.id::text, i.workspace_id, '{}'
    from host_key_pair p join host_installation i on i.id = p.installation_id
    where p.id::text = any(${admitted.flatMap(({ keyPairId }) => keyPairId ?? [])}::text[])
    union all
    select 'must_sign', k.id::text, k.workspace_id, '{}'
    from service_key k
    left join host_installation i on i.workspace_id = k.workspace_id and i.host = k.host
      and i.host_instance = k.host_instance
    where k.id::text = any(${admitted.flatMap(({ caller }) => unsignedKeyOf(caller) ?? [])}::text[])
      and (k.signed or i.requires_signature)`.execute(db);
  const live = new Map<string, Rights>(
    rows.map(({ kind, hash, workspace_id, rights }) => [`${kind} ${hash}`, asText(workspace_id, rights)]),
  );
  return admitted.filter(
    ({ credentials, caller, keyPairId }) =>
      (keyPairId !== undefined && !live.has(`key_pair ${keyPairId}`)) ||
      live.has(`must_sign ${unsignedKeyOf(caller)}`) ||
      live.get(`${credentials.kind} ${hashOf(credentials)}`) !== asText(caller.workspaceId, rightsOf(caller)),
  );
}

/** The key of a host that was let in without a signature: its installation may be bound to a machine since. */
const unsignedKeyOf = (caller: AuthenticatedCaller): string | undefined =>
  caller.kind === "host" && !caller.mustSign ? caller.keyId : undefined;

const rightsOf = (caller: AuthenticatedCaller): readonly string[] =>
  caller.kind === "person" ? caller.roles : [...caller.scopes];

const asText = (workspaceId: string, rights: readonly string[]): Rights =>
  [workspaceId, ...[...rights].sort()].join(" ");
