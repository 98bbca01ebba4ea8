import { greatestCounter, type OneTimeBody } from "../../plugin/api/vault.ts";
import { encodeBase32 } from "../../plugin/enrolment/base32.ts";
import type { EnrolmentEntry, Warning } from "../../plugin/enrolment/enrolment-entry.ts";
import { readEnrolment } from "../../plugin/enrolment/read-enrolment.ts";
import { readSecret } from "../../plugin/enrolment/read-secret.ts";
import { isRefusal, type Refusal, refuse } from "../../plugin/enrolment/refusals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { SharedSecret } from "../secrets/shared-secret.ts";
import type { OneTimeSecret } from "./vault-entry.ts";

export interface ReadOneTime {
  readonly oneTime: OneTimeSecret;
  readonly warnings: readonly Warning[];
  /** Made here just now: the only case in which a seed is told. */
  readonly generated?: string;
}

/** The coded error for what cannot be read: it names the field and repeats nothing. */
export const enrolmentError = ({ reason, field, message }: Omit<Refusal, "kind">, prefix = ""): PluginError =>
  new PluginError("ENROLMENT_REFUSED", {
    message,
    fields: [{ field: prefix === "" ? field : `${prefix}.${field}`, problem: message }],
    details: { reason },
  });

/** As it is kept. `field` is where it was pasted. */
export function toOneTime(entry: EnrolmentEntry, field: string): OneTimeSecret {
  if (entry.counter !== null && entry.counter > greatestCounter)
    throw enrolmentError({ ...refuse("counter_invalid"), message: counterTooGreat }, field);
  return {
    type: entry.type,
    secret: entry.secret,
    algorithm: entry.algorithm,
    digits: entry.digits,
    period: entry.period,
    counter: entry.counter,
    issuer: entry.issuer,
    account: entry.account,
    weak: entry.warnings.some(({ code }) => code === "weak_secret"),
  };
}
const counterTooGreat = `The counter must be at most ${greatestCounter}.`;

/** One second factor out of what was pasted. Several belong into an import. */
export function readPasted(text: string, field: string): ReadOneTime {
  const reading = readEnrolment(text);
  if (isRefusal(reading)) throw enrolmentError(reading, field);
  const [entry, another] = reading.entries;
  const [refused] = reading.refused;
  if (!entry) throw enrolmentError(refused ?? refuse("nothing_inside"), field);
  if (another)
    throw new PluginError("ENROLMENT_REFUSED", {
      message: "There are several second factors in this. Import them, or send one.",
      fields: [{ field, problem: "Holds several." }],
    });
  return { oneTime: toOneTime(entry, field), warnings: entry.warnings };
}

/** One second factor out of fields; generated where no secret is among them. */
export function readFields(body: OneTimeBody, field: string): ReadOneTime {
  const { type, algorithm, digits, period, counter, issuer = null, account = null } = body;
  const rest = {
    type,
    algorithm,
    digits,
    period: type === "totp" ? period : null,
    counter: type === "hotp" ? counter : null,
    issuer,
    account,
  };
  if (body.secret === undefined || body.secret.trim() === "") {
    const made = SharedSecret.generate(algorithm);
    const generated = made.useBytes(encodeBase32);
    made.wipe();
    return { oneTime: { ...rest, secret: generated, weak: false }, warnings: [], generated };
  }
  const read = readSecret(body.secret);
  if (isRefusal(read)) throw enrolmentError(read, field);
  const weak = read.warnings.some(({ code }) => code === "weak_secret");
  return { oneTime: { ...rest, secret: read.secret, weak }, warnings: read.warnings };
}
