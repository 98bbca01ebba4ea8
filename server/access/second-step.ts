import { createHash, randomInt } from "node:crypto";
import type { Kysely } from "kysely";
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
import type { Caller } from "./caller.ts";

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
  enrol: enrolSecondStep.bind(null, parts),
  verify: verifySecondStep.bind(null, parts),
  remove: removeSecondStep.bind(null, parts),
});

export type SecondStep = ReturnType<typeof createSecondStep>;

/** Told once, in the answer that creates it. */
interface NewSecondStep {
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
const backupCodes = 10;

const sealContextOf = (workspaceId: string) => ({
  table: "second_step",
  rowId: workspaceId,
  column: "sealed_secret",
});
const hashOf = (workspaceId: string, code: string): string =>
  createHash("sha256").update(`${workspaceId} ${code}`).digest("base64url");

/** 50 bits each: five tries before a lock leave nothing to guess. */
const newBackupCode = (): string => {
  const letters = Array.from({ length: 10 }, () => "abcdefghjkmnpqrstuvwxyz23456789".charAt(randomInt(31)));
  return `${letters.slice(0, 5).join("")}-${letters.slice(5).join("")}`;
};

/** Whether there is a confirmed one. */
export async function isSecondStepOn({ db }: SecondStepParts, workspaceId: string): Promise<boolean> {
  const row = await db
    .selectFrom("second_step")
    .select("confirmed_at")
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  return row?.confirmed_at != null;
}

/** Creates one, in place of one that was never confirmed. A confirmed one has to be removed first. */
export async function enrolSecondStep(
  { db, clock, keyRing }: SecondStepParts,
  { workspaceId, actor }: Caller,
): Promise<NewSecondStep> {
  const keys = await keyRing.forWorkspace(workspaceId);
  const secret = SharedSecret.generate();
  const codes = Array.from({ length: backupCodes }, newBackupCode);
  await db.transaction().execute(async (trx) => {
    const created = await trx
      .insertInto("second_step")
      .values({
        workspace_id: workspaceId,
        sealed_secret: secret.useBytes((bytes) => keys.seal(sealContextOf(workspaceId), bytes)),
        last_counter: -1,
        failures_in_a_row: 0,
      })
      .onConflict((conflict) =>
        conflict
          .column("workspace_id")
          .doUpdateSet((row) => ({ sealed_secret: row.ref("excluded.sealed_secret"), last_counter: -1 }))
          .where("second_step.confirmed_at", "is", null),
      )
      .returning("workspace_id")
      .executeTakeFirst();
    if (!created) throw new PluginError("SECOND_STEP_PRESENT");
    await trx.deleteFrom("second_step_backup_code").where("workspace_id", "=", workspaceId).execute();
    await trx
      .insertInto("second_step_backup_code")
      .values(codes.map((code) => ({ workspace_id: workspaceId, code_hash: hashOf(workspaceId, code) })))
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      actor,
      at: clock.now(),
      action: "second_step.enrolled",
      subject: { kind: "workspace", id: workspaceId },
    });
  });
  const otpauth = writeOtpauthUri({
    type: "totp",
    secret: secret.useBytes(encodeBase32),
    issuer: "Totem",
    account: "administrator",
    algorithm: "SHA1",
    digits: 6,
    period: defaultTotp.period,
  });
  secret.wipe();
  return { otpauth, backupCodes: codes };
}

/** Throws where the code is wrong, was used before, or too many were wrong. */
export async function verifySecondStep(parts: SecondStepParts, caller: Caller, code: string): Promise<void> {
  if (!(await checkCode(parts, caller, code))) throw new PluginError("CODE_REJECTED");
}

export async function removeSecondStep(parts: SecondStepParts, caller: Caller, code: string): Promise<void> {
  await verifySecondStep(parts, caller, code);
  const { workspaceId, actor } = caller;
  await parts.db.transaction().execute(async (trx) => {
    await trx.deleteFrom("second_step_backup_code").where("workspace_id", "=", workspaceId).execute();
    await trx.deleteFrom("second_step").where("workspace_id", "=", workspaceId).execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at: parts.clock.now(),
      actor,
      action: "second_step.removed",
      subject: { kind: "workspace", id: workspaceId },
    });
  });
}

/** Whether the code is right. Records the attempt, and locks after too many failures. */
async function checkCode(
  { db, clock, keyRing }: SecondStepParts,
  { workspaceId, actor }: Caller,
  code: string,
): Promise<boolean> {
  const keys = await keyRing.forWorkspace(workspaceId);
  return db.transaction().execute(async (trx) => {
    const now = clock.now();
    const row = await trx
      .selectFrom("second_step")
      .selectAll()
      .where("workspace_id", "=", workspaceId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new PluginError("SECOND_STEP_MISSING");
    if (row.locked_until && row.locked_until > now)
      throw new PluginError("RATE_LIMITED", {
        retryAfterSeconds: Math.ceil((row.locked_until.getTime() - now.getTime()) / 1000),
      });
    const secret = keys.open(sealContextOf(workspaceId), row.sealed_secret);
    const step = counterAt(now, defaultTotp.period);
    const matched = [step - 1, step, step + 1].find(
      (counter) =>
        counter > row.last_counter && timingSafeEqual(generateCode(secret, defaultTotp, counter), code),
    );
    secret.fill(0);
    const backup =
      matched === undefined
        ? await trx
            .deleteFrom("second_step_backup_code")
            .where("workspace_id", "=", workspaceId)
            .where("code_hash", "=", hashOf(workspaceId, code.trim().toLowerCase()))
            .returning("code_hash")
            .executeTakeFirst()
        : undefined;
    const accepted = matched !== undefined || backup !== undefined;
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
      .where("workspace_id", "=", workspaceId)
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      actor,
      at: now,
      action: "second_step.checked",
      subject: { kind: "workspace", id: workspaceId },
      result: accepted ? "ok" : "refused",
      ...(matched === undefined ? {} : { counter: matched }),
    });
    return accepted;
  });
}
