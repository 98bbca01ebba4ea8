import { randomInt } from "node:crypto";
import type { EnrolmentEntry } from "../../plugin/enrolment/enrolment-entry.ts";
import { readEnrolment } from "../../plugin/enrolment/read-enrolment.ts";
import { isRefusal, refuse } from "../../plugin/enrolment/refusals.ts";
import type { vaultStore as contract } from "../../plugin/nodes/vault-store.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { toOneTime } from "../vault/read-one-time.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { handleSeconds, revealSecret } from "./call-handles.ts";
import { agentUserOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";
import { readQrImage } from "./read-qr-image.ts";

/** Characters that every site accepts, without those that look alike. 24 of them are 137 bits. */
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789-_";
const passwordLength = 24;

const newPassword = (): string => {
  for (;;) {
    const password = Array.from({ length: passwordLength }, () =>
      letters.charAt(randomInt(letters.length)),
    ).join("");
    // Sites require one character of each kind.
    if ([/[A-Z]/, /[a-z]/, /\d/, /[-_]/].every((kind) => kind.test(password))) return password;
  }
};

/** An agent finishes a sign-up by itself: the login is its own from the first moment. */
export async function vaultStore(
  parts: NodeParts,
  input: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const caller = await agentUserOf(parts, call);
  if (input.password !== undefined && input.generate_password)
    throw refusedField("generate_password", "Send a password or have one made, not both.");
  const enrolment = await enrolmentOf(input.otpauth, input.qr_image);
  const password = input.generate_password ? newPassword() : input.password;
  const entry = await parts.vault.add(caller, {
    name: input.name,
    type: input.type,
    data: {
      ...(input.username === undefined ? {} : { username: input.username }),
      ...(password === undefined ? {} : { password }),
      ...(input.url === undefined ? {} : { url: input.url }),
    },
    oneTime:
      enrolment && toOneTime(enrolment, `arguments.${input.otpauth === undefined ? "qr_image" : "otpauth"}`),
    backupCodes: input.backup_codes,
    origins: input.origins,
  });
  const first = enrolment
    ? await parts.vault.issueCode({
        caller,
        entry: { id: entry.id },
        minRemaining: call.minRemaining,
        signal: call.signal,
        onWaiting: call.onWaiting,
      })
    : undefined;
  const shown = ({ code: value, expires_in }: { code: string; expires_in: number | null }) =>
    revealSecret(parts, call, {
      kind: "code",
      value,
      seconds: expires_in ?? handleSeconds,
      place: { belongsTo: "vault_entry", entryId: entry.id },
    });
  return {
    success: true,
    id: entry.id,
    name: entry.name,
    has_totp: enrolment !== undefined,
    ...(first ? { totp_code: await shown(first), expires_in: first.expires_in } : {}),
    ...(input.generate_password && password !== undefined
      ? {
          password_handle: await parts.handles.create(caller, {
            kind: "password",
            value: password,
            expiresAt: new Date(parts.now().getTime() + handleSeconds * 1000),
            place: { belongsTo: "vault_entry", entryId: entry.id },
          }),
        }
      : {}),
    warnings: (enrolment?.warnings ?? []).map(({ message }) => message),
  };
}

/** The second factor in a text or in a picture; refused with the reason, which repeats nothing. */
async function enrolmentOf(
  otpauth: string | undefined,
  qrImage: string | undefined,
): Promise<EnrolmentEntry | undefined> {
  if (otpauth !== undefined && qrImage !== undefined)
    throw refusedField("qr_image", "Send otpauth or qr_image, not both.");
  const field = qrImage === undefined ? "otpauth" : "qr_image";
  const text = qrImage === undefined ? otpauth : await readQrImage(qrImage);
  if (text === undefined) return undefined;
  const reading = readEnrolment(text);
  const refusal = isRefusal(reading) ? reading : (reading.refused[0] ?? refuse("nothing_inside"));
  const [entry, another] = isRefusal(reading) ? [] : reading.entries;
  if (another) throw refusedField(field, "Holds several second factors. Send one.");
  if (!entry)
    throw new PluginError("ENROLMENT_REFUSED", {
      message: refusal.message,
      fields: [{ field: `arguments.${field}`, problem: refusal.message }],
      details: { reason: refusal.reason },
    });
  return entry;
}

const refusedField = (field: string, problem: string): PluginError =>
  new PluginError("INPUT_INVALID", { fields: [{ field: `arguments.${field}`, problem }] });
