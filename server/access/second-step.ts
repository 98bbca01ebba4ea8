import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { encodeBase32 } from "../../plugin/enrolment/base32.ts";
import { writeOtpauthUri } from "../../plugin/enrolment/otpauth-uri.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { SharedSecret } from "../secrets/shared-secret.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { counterAt, defaultTotp, generateCode } from "../totp/totp.ts";
import { insertBackupCodes, newBackupCodes, spendBackupCode } from "./backup-codes.ts";
import type { PersonCaller } from "./caller.ts";

export interface SecondStepParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keyRing: KeyRing;
}

/**
 * What a person shows before a seed is shown to them: a code of their own authenticator, or one of their backup
 * codes. Both count into one number of failures, so that there are not twice as many tries.
 */
export const createSecondStep = (parts: SecondStepParts) => ({
  isOn: isSecondStepOn.bind(null, parts),
  read: readSecondStep.bind(null, parts),
  enrol: enrolSecondStep.bind(null, parts),
  confirm: confirmSecondStep.bind(null, parts),
  verify: verifySecondStep.bind(null, parts),
  renewBackupCodes: renewBackupCodes.bind(null, parts),
  remove: removeSecondStep.bind(null, parts),
});

export type SecondStep = ReturnType<typeof createSecondStep>;

/** Whose second step is meant. */
export type StepOwner = Pick<PersonCaller, "personId" | "workspaceId" | "actor">;

/** What else belongs into the transaction of a change. When one is turned on, it comes first: it may ask what was there. */
type Also = (trx: Kysely<Tables>) => Promise<void>;

/** Told once, in the answer that creates it. */
export interface NewSecondStep {
  readonly otpauth: string;
  readonly backupCodes: readonly string[];
}

/** NIST SP 800-63B section 3.2.2: after this number of failures in a row, no attempt is allowed for a while. */
const mostFailures = 5;
const firstLockMs = 15 * 60 * 1000;
/** Each lock lasts twice as long as the one before, so that an attacker who returns after every lock gets nowhere. */
const lockMs = (locksBefore: number): number => firstLockMs * 2 ** Math.min(locksBefore, mostDoublings);
/** 43 days. A longer lock would only shut the owner out. */
const mostDoublings = 12;

const sealContextOf = (id: string) => ({ table: "second_step", rowId: id, column: "sealed_secret" });

/** The row of a person; of a session from before there were people, the one of its workspace. */
const isOf = ({ personId, workspaceId }: StepOwner) =>
  personId === null
    ? sql<boolean>`(person_id is null and workspace_id = ${workspaceId})`
    : sql<boolean>`person_id = ${personId}`;

/** Whether there is a confirmed one. */
export async function isSecondStepOn({ db }: SecondStepParts, caller: PersonCaller): Promise<boolean> {
  const row = await db
    .selectFrom("second_step")
    .select("confirmed_at")
    .where(isOf(caller))
    .executeTakeFirst();
  return row?.confirmed_at != null;
}

/** Whether there is a confirmed one, and how many of its backup codes are left. */
export async function readSecondStep({ db }: SecondStepParts, caller: PersonCaller) {
  const row = await db
    .selectFrom("second_step")
    .select((eb) =>
      eb
        .selectFrom("second_step_backup_code")
        .select((code) => code.fn.countAll<number>().as("count"))
        .whereRef("second_step_backup_code.second_step_id", "=", "second_step.id")
        .as("left"),
    )
    .where(isOf(caller))
    .where("confirmed_at", "is not", null)
    .executeTakeFirst();
  return { on: row !== undefined, backup_codes_left: row?.left ?? 0 };
}

/** Creates one, in place of one that was never confirmed. A confirmed one has to be removed first. */
export async function enrolSecondStep(
  { db, clock, keyRing }: SecondStepParts,
  caller: PersonCaller,
): Promise<NewSecondStep> {
  const { workspaceId, actor } = caller;
  const keys = await keyRing.forWorkspace(workspaceId);
  const secret = SharedSecret.generate();
  const codes = newBackupCodes();
  const id = randomUUID();
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom("second_step").where(isOf(caller)).where("confirmed_at", "is", null).execute();
    const created = await trx
      .insertInto("second_step")
      .values({
        id,
        workspace_id: workspaceId,
        person_id: caller.personId,
        sealed_secret: secret.useBytes((bytes) => keys.seal(sealContextOf(id), bytes)),
        last_counter: -1,
        failures_in_a_row: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!created) throw new PluginError("SECOND_STEP_PRESENT");
    await insertBackupCodes(trx, id, codes);
    await writeAuditEvent(trx, {
      workspaceId,
      actor,
      at: clock.now(),
      action: "second_step.enrolled",
      subject: { kind: "person", id: actor.id },
    });
  });
  const otpauth = writeOtpauthUri({
    type: "totp",
    secret: secret.useBytes(encodeBase32),
    issuer: "Totem",
    account: caller.name,
    algorithm: "SHA1",
    digits: 6,
    period: defaultTotp.period,
  });
  secret.wipe();
  return { otpauth, backupCodes: codes };
}

/** Throws where the code is wrong, was used before, or too many were wrong. Backup codes count too. */
export async function verifySecondStep(
  parts: SecondStepParts,
  owner: StepOwner,
  code: string,
): Promise<void> {
  if (!(await checkCode(parts, owner, { code }))) throw codeRejected();
}

/** Turns one on. Only a code of the authenticator shows that its secret arrived there. */
export async function confirmSecondStep(
  parts: SecondStepParts,
  owner: StepOwner,
  { code, also }: { readonly code: string; readonly also: Also },
): Promise<void> {
  if (!(await checkCode(parts, owner, { code, whenConfirmed: also }))) throw codeRejected();
}

const codeRejected = () =>
  new PluginError("CODE_REJECTED", {
    message:
      "The code was not accepted. Wait for the next one, and check that the clock of the device that shows it is right.",
  });

/** Ten new backup codes in place of all others. The caller has given a fresh proof. */
export async function renewBackupCodes(
  { db }: SecondStepParts,
  owner: StepOwner,
  also: Also,
): Promise<readonly string[]> {
  const codes = newBackupCodes();
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom("second_step")
      .select("id")
      .where(isOf(owner))
      .where("confirmed_at", "is not", null)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new PluginError("SECOND_STEP_MISSING");
    await trx.deleteFrom("second_step_backup_code").where("second_step_id", "=", row.id).execute();
    await insertBackupCodes(trx, row.id, codes);
    await also(trx);
  });
  return codes;
}

/** Takes it away. The caller has given a fresh proof. */
export async function removeSecondStep({ db }: SecondStepParts, owner: StepOwner, also: Also): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const removed = await trx.deleteFrom("second_step").where(isOf(owner)).returning("id").executeTakeFirst();
    if (!removed) throw new PluginError("SECOND_STEP_MISSING");
    await also(trx);
  });
}

interface SentCode {
  readonly code: string;
  /** Set where a code turns an authenticator on; else one that is not on yet counts for nothing. */
  readonly whenConfirmed?: Also;
}

/** Whether the code is right. Records the attempt, and locks after too many failures. */
async function checkCode(
  { db, clock, keyRing }: SecondStepParts,
  owner: StepOwner,
  { code, whenConfirmed }: SentCode,
): Promise<boolean> {
  const { workspaceId, actor } = owner;
  // Read before the transaction, which holds a connection: the keys may need one.
  const home = await db
    .selectFrom("second_step")
    .select(["workspace_id", "confirmed_at"])
    .where(isOf(owner))
    .executeTakeFirst();
  if (!home || (!whenConfirmed && home.confirmed_at === null)) throw new PluginError("SECOND_STEP_MISSING");
  const keys = await keyRing.forWorkspace(home.workspace_id);
  return db.transaction().execute(async (trx) => {
    const now = clock.now();
    const row = await trx
      .selectFrom("second_step")
      .selectAll()
      .where(isOf(owner))
      .forUpdate()
      .executeTakeFirst();
    if (!row || (!whenConfirmed && row.confirmed_at === null)) throw new PluginError("SECOND_STEP_MISSING");
    if (whenConfirmed && row.confirmed_at !== null) throw new PluginError("SECOND_STEP_PRESENT");
    if (row.locked_until && row.locked_until > now)
      throw new PluginError("RATE_LIMITED", {
        retryAfterSeconds: Math.ceil((row.locked_until.getTime() - now.getTime()) / 1000),
      });
    const secret = keys.open(sealContextOf(row.id), row.sealed_secret);
    const step = counterAt(now, defaultTotp.period);
    const matched = [step - 1, step, step + 1].find(
      (counter) =>
        counter > row.last_counter && timingSafeEqual(generateCode(secret, defaultTotp, counter), code),
    );
    secret.fill(0);
    const accepted =
      matched !== undefined || (!whenConfirmed && (await spendBackupCode(trx, { id: row.id, code })));
    if (accepted) await whenConfirmed?.(trx);
    const failures = accepted ? 0 : row.failures_in_a_row + 1;
    const locks = failures >= mostFailures;
    await trx
      .updateTable("second_step")
      .set({
        failures_in_a_row: locks ? 0 : failures,
        locks_in_a_row: accepted ? 0 : row.locks_in_a_row + (locks ? 1 : 0),
        locked_until: locks ? new Date(now.getTime() + lockMs(row.locks_in_a_row)) : null,
        ...(matched === undefined ? {} : { last_counter: matched, confirmed_at: row.confirmed_at ?? now }),
      })
      .where("id", "=", row.id)
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      actor,
      at: now,
      action: "second_step.checked",
      subject: { kind: "person", id: actor.id },
      result: accepted ? "ok" : "refused",
      ...(matched === undefined ? {} : { counter: matched }),
    });
    return accepted;
  });
}
