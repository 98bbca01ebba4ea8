import type { z } from "zod";
import type { changeMeBody, Me } from "../../plugin/api/people.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { PersonCaller } from "../access/caller.ts";
import { mayEnrolFirstFactor, requireKnownPerson, type SentCode } from "../access/factor-rules.ts";
import { freshMinutes, isFresh, requireFreshProof } from "../access/fresh-proof.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { claimAddress } from "./bind-address.ts";
import { passkeysOf } from "./passkeys.ts";
import type { PeopleParts } from "./people-parts.ts";

/** What a person sees of themselves. */
export async function readMe({ db, clock, secondStep }: PeopleParts, caller: PersonCaller): Promise<Me> {
  const now = clock.now();
  const step = await secondStep.read(caller);
  const passkeys = caller.personId === null ? [] : await passkeysOf({ db }, caller.personId);
  return {
    ...(await identityOf(db, caller)),
    roles: [...caller.roles],
    workspaces: await workspacesOf(db, caller),
    signed_in_by: caller.signedInBy,
    passkeys,
    second_step: step,
    may_enrol_first_factor: passkeys.length === 0 && !step.on && mayEnrolFirstFactor(caller, now),
    proved_until:
      caller.provedAt && isFresh(caller, now)
        ? new Date(caller.provedAt.getTime() + freshMinutes * 60_000).toISOString()
        : null,
  };
}

async function identityOf(db: PeopleParts["db"], { personId, name }: PersonCaller) {
  if (personId === null) return { id: null, name, email: null, has_password: false };
  const { password_hash, ...person } = await db
    .selectFrom("person")
    .select(["id", "name", "email", "password_hash"])
    .where("id", "=", personId)
    .executeTakeFirstOrThrow();
  return { ...person, has_password: password_hash !== null };
}

async function workspacesOf(
  db: PeopleParts["db"],
  { personId, workspaceId, roles }: PersonCaller,
): Promise<Me["workspaces"]> {
  if (personId === null) {
    const one = await db
      .selectFrom("workspace")
      .select(["id", "name"])
      .where("id", "=", workspaceId)
      .executeTakeFirstOrThrow();
    return [{ ...one, roles: [...roles], current: true }];
  }
  const rows = await db
    .selectFrom("workspace_member as m")
    .innerJoin("workspace as w", "w.id", "m.workspace_id")
    .select(["w.id", "w.name", "m.roles"])
    .where("m.person_id", "=", personId)
    .where("m.removed_at", "is", null)
    .orderBy("w.name")
    .execute();
  return rows.map((row) => ({ ...row, current: row.id === workspaceId }));
}

export interface ChangeOfMe {
  readonly change: z.output<typeof changeMeBody>;
  readonly code: SentCode;
}

/** Changes the name and the address that a person gives. */
export async function changeMe(
  parts: PeopleParts,
  caller: PersonCaller,
  { change: { name, email }, code }: ChangeOfMe,
): Promise<Me> {
  const { db, clock, defaultWorkspaceId } = parts;
  requireKnownPerson(caller);
  const { personId, workspaceId, actor } = caller;
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
  const fields = Object.keys(changes);
  const isBelieved = workspaceId === defaultWorkspaceId && caller.roles.includes("owner");
  // Links and passwords go by the address: a taken session must not point it elsewhere.
  if (email !== undefined) await requireFreshProof(parts, caller, code);
  if (fields.length > 0)
    await db.transaction().execute(async (trx) => {
      if (email !== undefined && !(await claimAddress(trx, { personId, email, isBelieved })))
        throw addressTaken();
      await trx.updateTable("person").set(changes).where("id", "=", personId).execute();
      await writeAuditEvent(trx, {
        workspaceId,
        at: clock.now(),
        actor,
        action: "person.changed",
        subject: { kind: "person", id: personId },
        reason: fields.join(", "),
      });
    });
  return readMe(parts, caller);
}

const addressTaken = () =>
  new PluginError("INPUT_INVALID", {
    message: "Not valid: email.",
    fields: [{ field: "email", problem: "Another person has this address." }],
  });
