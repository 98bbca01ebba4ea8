import { z } from "zod";
import { originPatterns } from "../origin.ts";
import { cannotBeStored, isPlainJson, plainText } from "../plain-text.ts";
import { role } from "../roles.ts";
import { credentialType, entryName } from "../vault-entry.ts";

export const vaultRights = ["codes", "backup", "data", "manage"] as const;
export const vaultRight = z.enum(vaultRights);
export type VaultRightBody = z.infer<typeof vaultRight>;

const jsonObject = (longest: number) =>
  z
    .record(plainText(200), z.unknown())
    .refine(
      (value) => JSON.stringify(value).length <= longest,
      `Must be at most ${longest} characters of JSON.`,
    )
    .refine(isPlainJson, cannotBeStored);

export const credentialData = jsonObject(200_000);
export const credentialMetadata = jsonObject(20_000);

const otpAlgorithm = z.enum(["SHA1", "SHA256", "SHA512"]);

/** For HOTP: far below the limit of exact numbers, also after many increments. */
export const greatestCounter = 2 ** 48;

/** A second factor as fields. Without a secret one is generated, and shown in this answer only. */
export const oneTimeBody = z.strictObject({
  secret: z.string().max(1_000).optional().describe("Base32. Absent: generated here."),
  type: z.enum(["totp", "hotp"]).default("totp"),
  algorithm: otpAlgorithm.default("SHA1"),
  digits: z.union([z.literal(6), z.literal(8)]).default(6),
  period: z.int().min(1).max(300).default(30).describe("Seconds; of TOTP."),
  counter: z.int().min(0).max(greatestCounter).default(0).describe("The next one; of HOTP."),
  issuer: plainText(200).optional(),
  account: plainText(200).optional(),
});
export type OneTimeBody = z.output<typeof oneTimeBody>;

/** A time any database holds. */
const inKnownYears = <T extends z.ZodType<string>>(time: T): T =>
  time.refine((text) => /^(19|2\d)\d\d-/.test(text), "Must be between the years 1900 and 2999.");
const instant = z.iso.datetime({ offset: true });
export const expiry = inKnownYears(instant);
/** The same, or a day, which begins in UTC. */
export const expiryOrDay = inKnownYears(instant.or(z.iso.date()));

const enrolment = {
  enrolment: z
    .string()
    .max(10_000)
    .optional()
    .describe("An otpauth:// URI or a bare base32 secret, as it was pasted."),
  one_time: oneTimeBody.optional(),
};
const onlyOne = (body: { enrolment?: string | undefined; one_time?: unknown }) =>
  body.enrolment === undefined || body.one_time === undefined;
const onlyOneProblem = { error: "Send enrolment or one_time, not both.", path: ["one_time"] };

const whereItBelongs =
  "Where its secrets may be sent: https://github.com, https://*.example.com. Empty: nowhere.";
/** Origins as an answer shows them. */
const shownOrigins = z.array(z.string()).describe(whereItBelongs);

export const addEntryBody = z
  .strictObject({
    name: entryName,
    type: credentialType.optional().describe("Absent: TOTP where there is a second factor, else CUSTOM."),
    data: credentialData.default({}),
    metadata: credentialMetadata.nullish(),
    expires_at: expiry.nullish(),
    backup_codes: z.array(plainText(100).trim().min(1)).max(200).optional(),
    single_use: z.boolean().optional().describe("Hand out the code of a window once only."),
    pending: z.boolean().optional().describe("Give agents no code until one was confirmed."),
    origins: originPatterns
      .optional()
      .describe(`${whereItBelongs} Absent: as the addresses in data say (url, uris, website).`),
    ...enrolment,
  })
  .refine(onlyOne, onlyOneProblem);

export const changeEntryBody = z
  .strictObject({
    name: entryName,
    data: credentialData,
    metadata: credentialMetadata.nullable(),
    expires_at: expiry.nullable(),
    single_use: z.boolean(),
    origins: originPatterns.describe(`${whereItBelongs} People need a fresh proof for a new one.`),
  })
  .partial();

export const replaceSecretBody = z
  .strictObject({ ...enrolment, pending: z.boolean().default(false) })
  .refine(onlyOne, onlyOneProblem);

export const confirmEntryBody = z
  .strictObject({ code: z.string().max(20).optional().describe("Absent: the service accepted our code.") })
  .default({});

export const vaultEntry = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string(),
  owner: z.object({ kind: z.string(), name: z.string() }),
  rights: z.array(vaultRight).describe("What the caller may do with it."),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  origins: shownOrigins,
  one_time: z
    .object({
      type: z.enum(["totp", "hotp"]),
      algorithm: otpAlgorithm,
      digits: z.int(),
      period: z.int().nullable(),
      issuer: z.string().nullable(),
      account: z.string().nullable(),
      single_use: z.boolean(),
      pending: z.boolean(),
      weak_secret: z.boolean().describe("Shorter than the 128 bits RFC 4226 asks for."),
    })
    .nullable(),
  backup_codes_remaining: z.int(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  last_rotated_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  restorable_until: z.iso.datetime().nullable(),
});
export type VaultEntryBody = z.infer<typeof vaultEntry>;

export const warning = z.object({ code: z.string(), message: z.string() });

/** `secret` is here when it was generated by this very call, and never again. */
export const storedEntry = vaultEntry.extend({
  secret: z.string().optional(),
  warnings: z.array(warning),
});

export const vaultEntryList = z.object({
  entries: z.array(vaultEntry),
  next: z.uuid().nullable(),
  now: z.iso.datetime().describe("The server's clock, by which codes begin and end."),
});
export const vaultQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  before: z.uuid().optional().describe("The `next` of the page before."),
  name: z.string().max(200).optional(),
  belongs: z.literal("nowhere").optional().describe("Only entries without origins."),
});

export const entryWithData = vaultEntry.extend({ data: z.record(z.string(), z.unknown()) });

export const codeQuery = z.object({
  min_remaining: z.coerce
    .number()
    .int()
    .min(0)
    .max(300)
    .default(0)
    .describe("Seconds; waits when fewer are left."),
});
export const serviceCode = z.object({
  name: z.string(),
  code: z.string(),
  type: z.enum(["totp", "hotp"]),
  digits: z.int(),
  expires_in: z.int().nullable().describe("Seconds, 1 to period; null for HOTP."),
  period: z.int().nullable(),
  backup_codes_remaining: z.int(),
  server_time: z.iso.datetime(),
  clock_skew_seconds: z.int().optional().describe("Only where the clocks are more than 5 s apart."),
});
export type ServiceCodeBody = z.infer<typeof serviceCode>;
export const backupCode = z.object({ code: z.string(), remaining: z.int() });

export const previewBody = z.strictObject({ text: z.string().max(1_000_000) });
export const enrolmentPreview = z.object({
  source: z.string(),
  entries: z.array(
    z.object({
      index: z.int(),
      name: z.string(),
      type: z.enum(["totp", "hotp"]),
      issuer: z.string().nullable(),
      account: z.string().nullable(),
      algorithm: z.string(),
      digits: z.int(),
      period: z.int().nullable(),
      warnings: z.array(warning),
      has_login: z.boolean(),
      origins: shownOrigins,
      taken: z.boolean().describe("The caller has an entry of this name already."),
    }),
  ),
  refused: z.array(z.object({ index: z.int(), reason: z.string(), message: z.string() })),
  batch: z.object({ index: z.int(), size: z.int(), message: z.string() }).nullable(),
});
export const importBody = previewBody.extend({
  indexes: z.array(z.int().min(0)).max(10_000).optional().describe("Which of the preview; absent: all."),
  origins: z
    .array(z.strictObject({ index: z.int().min(0), origins: originPatterns }))
    .max(10_000)
    .optional()
    .describe("Where entries belong, instead of what the preview says."),
});
export const importAnswer = z.object({ entries: z.array(vaultEntry) });

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Must be HH:MM.");
/** Names only: "+05:30" means east to some and west to others, the database among them. */
const timeZones = new Set([...Intl.supportedValuesOf("timeZone"), "UTC"]);
const timeZone = z
  .string()
  .max(100)
  .refine((zone) => timeZones.has(zone), "Must be a time zone such as Europe/Vienna.");

/** Limits of a grant of codes; what is absent does not limit. */
export const grantPolicy = z.strictObject({
  workflows: z.array(z.string().max(100)).max(100).optional().describe("Ids a call may come from."),
  hours: z.strictObject({ from: timeOfDay, to: timeOfDay, time_zone: timeZone.default("UTC") }).optional(),
  max_reads_per_hour: z.int().min(1).max(1_000).optional(),
  decision: z
    .enum(["auto", "approve", "deny"])
    .optional()
    .describe("approve: people are asked before every read, those whom the entry names."),
});

export const entryGrant = z.object({
  grantee: z.object({
    kind: z.enum(["agent_user", "service_key", "administrator", "person", "role"]),
    name: z.string(),
    id: z.uuid().optional().describe("Of a person: names are not unique."),
  }),
  rights: z.array(vaultRight),
  policy: grantPolicy,
  outside_canvas: z.boolean().describe("Holds for an agent's own key too, where no wire leads to the entry."),
  created_by: z.string(),
  created_at: z.iso.datetime(),
});
export type EntryGrantBody = z.infer<typeof entryGrant>;
/** A person who may use an entry, and why. */
const entryReader = z.object({
  id: z.uuid(),
  name: z.string(),
  roles: z.array(role),
  rights: z.array(vaultRight),
  because: z.string().describe("A sentence for people."),
});
export type EntryReaderBody = z.infer<typeof entryReader>;
export const entryGrantList = z.object({
  grants: z.array(entryGrant),
  people: z.array(entryReader).describe("By their roles and by grants, each person once."),
});
export const entryGrantBody = z.strictObject({
  grantee: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.enum(["agent_user", "service_key"]), name: z.string().min(1).max(300) }),
    z.strictObject({ kind: z.literal("person"), id: z.uuid() }),
    z.strictObject({ kind: z.literal("role"), name: role }),
  ]),
  rights: z.array(vaultRight).max(4).describe("Empty takes the grant away."),
  policy: grantPolicy.optional().describe("Absent: as it was."),
  outside_canvas: z
    .boolean()
    .optional()
    .describe(
      "Of an agent user: its own key, its MCP tokens and its sessions have these rights without a Vault TOTP wired to it. With the wire alone they get codes only. Absent: as it was.",
    ),
});

/** Origins for entries that have none yet, from the addresses in their own data. */
export const takeOriginsBody = z.strictObject({
  after: z.uuid().optional().describe("The `next` of the answer before."),
});
export const takenOrigins = z.object({
  entries: z
    .array(z.object({ id: z.uuid(), name: z.string(), origins: shownOrigins }))
    .describe("What was written."),
  without: z
    .int()
    .describe("Entries of this part whose data holds no address: say there yourself where they belong."),
  next: z.uuid().nullable(),
});
