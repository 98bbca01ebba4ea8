/**
 * What must not be shown, and what replaces it. This room changes texts and values; it stores nothing,
 * asks no clock and makes no secret. Each file hides one kind:
 *
 *   transcript-mask.ts  what a run has learned to be secret, in all that is shown of the run
 *   secret-fields.ts    the fields that a tool's contract marks as secret
 *   hide-secrets.ts     secrets that a server repeats in its answer
 *   unfinished-secrets.ts   a secret that an answer has begun to repeat
 *   readings.ts         how a text may be read when secrets are looked for in it
 *   find-needles.ts     where one form of a secret stands in such a reading
 *   hide-codes.ts       codes in the subjects and senders of messages
 *   named-subject.ts    keys in names that the audit log stores
 *   redact-errors.ts    keys and tokens in errors that go to the log
 *   storable-text.ts    characters that the database refuses
 */
import { bearerTokenPattern } from "../../plugin/plain-text.ts";

/** Replaces a secret in what people see. */
export const mask = "••••••";

/** The same in a header and between bytes, which hold no such letters. */
export const plainMask = "******";

/** Replaces a secret in the log and in audit rows. */
export const redacted = "[redacted]";

/** Totem's own keys and tokens. */
export const bearerToken = new RegExp(bearerTokenPattern, "g");

export const maskTokens = (text: string): string => text.replace(bearerToken, mask);

/** For text that stays readable in the log, such as a purpose that a model wrote. */
export const redactTokens = (text: string): string => text.replace(bearerToken, redacted);
