import { randomUUID } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import type { z } from "zod";
import type { issuerBody, TrustedIssuerBody } from "../../plugin/api/workload.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Caller } from "../access/caller.ts";
import { findMaker } from "../access/no-wider-key.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables, TrustedIssuerTable } from "../database/tables.ts";
import { checkIssuer } from "./check-issuer.ts";
import { requireMayTargetAll } from "./may-target.ts";
import { problemOfSharedIssuer } from "./shared-issuers.ts";
import type { WorkloadParts } from "./workload-parts.ts";

type IssuerBody = z.output<typeof issuerBody>;

const mostIssuers = 50;

export async function listIssuers({ db }: WorkloadParts, workspaceId: string): Promise<TrustedIssuerBody[]> {
  const rows = await db
    .selectFrom("trusted_issuer")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map(toShown);
}

const toShown = (row: Selectable<TrustedIssuerTable>): TrustedIssuerBody => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  issuer: row.issuer,
  keys_from: row.jwks ? "stored" : row.jwks_url === null ? "discovery" : "address",
  jwks_url: row.jwks_url,
  jwks: row.jwks as TrustedIssuerBody["jwks"],
  max_age: row.max_age,
  paused: row.paused_at !== null,
  created_at: row.created_at.toISOString(),
  created_by: row.created_by,
});

/** Asks the issuer first: what cannot work is not stored. */
export async function addIssuer(
  parts: WorkloadParts,
  caller: Caller,
  body: IssuerBody,
): Promise<TrustedIssuerBody> {
  const { db, clock } = parts;
  const { workspaceId } = caller;
  const checked = await checkIssuer(parts, body);
  return db.transaction().execute(async (trx) => {
    const now = clock.now();
    const madeBy = await findMaker(trx, caller, now);
    await requireFree(trx, { workspaceId, ...checked });
    const { count } = await trx
      .selectFrom("trusted_issuer")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("workspace_id", "=", workspaceId)
      .executeTakeFirstOrThrow();
    if (Number(count) >= mostIssuers)
      throw new PluginError("INPUT_INVALID", {
        message: `A workspace trusts at most ${mostIssuers} issuers. Remove one first.`,
      });
    const row = await trx
      .insertInto("trusted_issuer")
      .values({
        id: randomUUID(),
        workspace_id: workspaceId,
        ...stored(checked),
        revision: 1,
        created_at: now,
        ...madeBy,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await record(trx, caller, { at: now, action: "trusted_issuer.added", name: row.name });
    return toShown(row);
  });
}

/** A change ends all tokens that came of the issuer as it was. Who makes it takes it over. */
export async function changeIssuer(
  parts: WorkloadParts,
  caller: Caller,
  { id, body }: { readonly id: string; readonly body: IssuerBody },
): Promise<TrustedIssuerBody> {
  const { db, clock } = parts;
  const { workspaceId } = caller;
  await requireKnown(db, { workspaceId, id });
  const checked = await checkIssuer(parts, body);
  return db.transaction().execute(async (trx) => {
    const now = clock.now();
    const madeBy = await findMaker(trx, caller, now);
    await requireMayTargetAll(trx, caller, id);
    await requireFree(trx, { workspaceId, ...checked, except: id });
    const row = await trx
      .updateTable("trusted_issuer")
      .set({ ...stored(checked), ...madeBy, paused_at: null })
      .set((issuer) => ({ revision: issuer("revision", "+", 1) }))
      .where("workspace_id", "=", workspaceId)
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new PluginError("ISSUER_NOT_FOUND");
    await requireRulesFit(trx, row);
    await record(trx, caller, { at: now, action: "trusted_issuer.changed", name: row.name });
    return toShown(row);
  });
}

async function requireKnown(
  db: Kysely<Tables>,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
): Promise<void> {
  const row = await db
    .selectFrom("trusted_issuer")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) throw new PluginError("ISSUER_NOT_FOUND");
}

/**
 * Rules that were safe at an issuer of our own let in strangers at one that all the world shares. The row of the issuer
 * is locked by now: no rule is added in between.
 */
async function requireRulesFit(
  trx: Kysely<Tables>,
  { id, issuer }: { readonly id: string; readonly issuer: string },
): Promise<void> {
  const rules = await trx
    .selectFrom("workload_rule")
    .select(["name", "conditions"])
    .where("issuer_id", "=", id)
    .execute();
  for (const { name, conditions } of rules) {
    const problem = problemOfSharedIssuer(issuer, conditions);
    if (problem)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "issuer", problem: `The rule “${name}” does not fit it. ${problem}` }],
      });
  }
}

/** Its rules go with it, and their tokens. */
export function removeIssuer({ db, clock }: WorkloadParts, caller: Caller, id: string): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .deleteFrom("trusted_issuer")
      .where("workspace_id", "=", caller.workspaceId)
      .where("id", "=", id)
      .returning("name")
      .executeTakeFirst();
    if (!row) throw new PluginError("ISSUER_NOT_FOUND");
    await record(trx, caller, { at: clock.now(), action: "trusted_issuer.removed", name: row.name });
  });
}

const stored = ({ jwks, ...issuer }: IssuerBody) => ({ ...issuer, jwks: jwks && JSON.stringify(jwks) });

async function requireFree(
  trx: Kysely<Tables>,
  {
    workspaceId,
    name,
    issuer,
    except,
  }: Pick<IssuerBody, "name" | "issuer"> & {
    readonly workspaceId: string;
    readonly except?: string;
  },
): Promise<void> {
  const taken = await trx
    .selectFrom("trusted_issuer")
    .select(["id", "name"])
    .where("workspace_id", "=", workspaceId)
    .where((row) => row.or([row("name", "=", name), row("issuer", "=", issuer)]))
    .execute();
  for (const other of taken)
    if (other.id !== except)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: other.name === name ? "name" : "issuer", problem: "Already taken." }],
      });
}

interface Change {
  readonly at: Date;
  readonly action: string;
  readonly name: string;
}

const record = (
  trx: Kysely<Tables>,
  { workspaceId, actor }: Caller,
  { at, action, name }: Change,
): Promise<void> =>
  writeAuditEvent(trx, { workspaceId, at, actor, action, subject: { kind: "trusted_issuer", id: name } });
