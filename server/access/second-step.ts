import { createHash, randomInt } from "node:crypto";
import type { Kysely } from "kysely";
import { encodeBase32 } from "../../plugin/enrolment/base32.ts";
import { writeOtpauthUri } from "../../plugin/enrolment/otpauth-uri.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { SharedSecret } from "../secrets/shared-secret.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { counterAt, defaultTotp, generateCode } from "../totp/totp.ts";

/** The second factor of the people who are signed in to the studio of one workspace. */
export interface SecondStepDeed {
  readonly workspaceId: string;
  readonly actor: Actor;
}

/** Told once, when it is made. */
export interface NewSecondStep {
  readonly otpauth: string;
  readonly backupCodes: readonly string[];
}

/** NIST SP 800-63B section 3.2.2: after so many failures in a row nobody may try for a while. */
const mostFailures = 5;
const firstLockMs = 15 * 60 * 1000;
/** Each lock lasts twice as long as the one before: whoever comes back after every lock gets nowhere either. */
const lockMs = (locksBefore: number): number => firstLockMs * 2 ** Math.min(locksBefore, mostDoublings);
/** 43 days; more would only shut the owner out. */
const mostDoublings = 12;
const backupCodes = 10;

const place = (workspaceId: string) => ({
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

export type SecondStep = ReturnType<typeof createSecondStep>;

/**
 * What a person shows before a seed is shown to them: a code of their own authenticator, or one of their backup
 * codes. Both count into one number of failures, so that there are not twice as many tries.
 */
export function createSecondStep({
  db,
  clock,
  keyRing,
}: {
  db: Kysely<Tables>;
  clock: Clock;
  keyRing: KeyRing;
}) {
  async function check(deed: SecondStepDeed, code: string): Promise<boolean> {
    const { workspaceId } = deed;
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
      const secret = keys.open(place(workspaceId), row.sealed_secret);
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
        ...deed,
        at: now,
        action: "second_step.checked",
        subject: { kind: "workspace", id: workspaceId },
        result: accepted ? "ok" : "refused",
        ...(matched === undefined ? {} : { counter: matched }),
      });
      return accepted;
    });
  }

  return {
    /** Whether there is one that was confirmed. */
    async isOn(workspaceId: string): Promise<boolean> {
      const row = await db
        .selectFrom("second_step")
        .select("confirmed_at")
        .where("workspace_id", "=", workspaceId)
        .executeTakeFirst();
      return row?.confirmed_at != null;
    },

    /** Makes one, in place of one that was never confirmed. A confirmed one has to be taken away first. */
    async enrol(deed: SecondStepDeed): Promise<NewSecondStep> {
      const { workspaceId } = deed;
      const keys = await keyRing.forWorkspace(workspaceId);
      const secret = SharedSecret.generate();
      const codes = Array.from({ length: backupCodes }, newBackupCode);
      await db.transaction().execute(async (trx) => {
        const made = await trx
          .insertInto("second_step")
          .values({
            workspace_id: workspaceId,
            sealed_secret: secret.useBytes((bytes) => keys.seal(place(workspaceId), bytes)),
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
        if (!made) throw new PluginError("SECOND_STEP_PRESENT");
        await trx.deleteFrom("second_step_backup_code").where("workspace_id", "=", workspaceId).execute();
        await trx
          .insertInto("second_step_backup_code")
          .values(codes.map((code) => ({ workspace_id: workspaceId, code_hash: hashOf(workspaceId, code) })))
          .execute();
        await writeAuditEvent(trx, {
          ...deed,
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
    },

    /** Throws where the code is wrong, was used before, or too many were wrong. */
    async verify(deed: SecondStepDeed, code: string): Promise<void> {
      if (!(await check(deed, code))) throw new PluginError("CODE_REJECTED");
    },

    async remove(deed: SecondStepDeed, code: string): Promise<void> {
      if (!(await check(deed, code))) throw new PluginError("CODE_REJECTED");
      await db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom("second_step_backup_code")
          .where("workspace_id", "=", deed.workspaceId)
          .execute();
        await trx.deleteFrom("second_step").where("workspace_id", "=", deed.workspaceId).execute();
        await writeAuditEvent(trx, {
          ...deed,
          at: clock.now(),
          action: "second_step.removed",
          subject: { kind: "workspace", id: deed.workspaceId },
        });
      });
    },
  };
}
