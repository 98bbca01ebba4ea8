import { z } from "zod";
import { isPlainText, visibleText } from "../plain-text.ts";
import { role, someRoles } from "../roles.ts";

/** What the API says of people, their ways to sign in, and their sessions. */

/** The audit log names keys and the time before there were people like this. */
const isNoPerson = (name: string): boolean => /^(administrators?|totem|totem_admin|system)$/i.test(name);
const personName = visibleText(100).refine((name) => !isNoPerson(name), "This is not the name of a person.");
const email = z
  .email("Must be an e-mail address.")
  .max(254)
  .transform((value) => value.toLowerCase());
const held = someRoles.min(1);
const time = z.iso.datetime();
/** JSON of the WebAuthn Level 3 specification: the browser reads it with parseRequestOptionsFromJSON. */
const webauthn = z.record(z.string(), z.unknown());

/** What a sign-in page offers. Public, so it names no person. */
export const signInWays = z.object({
  has_people: z.boolean().describe("false before the first link was opened."),
  single_sign_on: z.array(z.object({ workspace_id: z.uuid(), name: z.string() })),
});

export const webauthnOptions = z.object({ options: webauthn });
export const webauthnAnswerBody = z.strictObject({ response: webauthn });
export const passwordSignInBody = z
  .strictObject({
    email,
    password: z.string().min(1).max(4_000),
    code: z.string().min(1).max(64).optional().describe("Of the person's authenticator, or a backup code."),
    response: webauthn
      .optional()
      .describe("Of a passkey of the person, to options of /api/v1/people/auth/passkey/options."),
  })
  .refine(({ code, response }) => (code === undefined) !== (response === undefined), {
    path: ["code"],
    message: "Send a code or a passkey's response, one of them.",
  });
export const invitationTokenBody = z.strictObject({ token: z.string().min(1).max(200) });
export const acceptInvitationBody = invitationTokenBody.extend({ name: personName.optional() });
export const startSingleSignOnBody = z.strictObject({ workspace_id: z.uuid() });
export const startedSingleSignOn = z.object({ url: z.url() });
/** What the provider sent back with the browser. The page takes it from its own address, which no other page reads. */
export const finishSingleSignOnBody = z.strictObject({
  state: z.string().min(1).max(200),
  code: z.string().min(1).max(4_000),
  iss: z.string().max(2_000).optional(),
});
/** The part of the studio's address behind the `#` in which that comes: a query string. */
export const singleSignOnReturn = "single-sign-on=";

export const person = z.object({
  id: z.uuid(),
  name: z.string().describe("Empty until the person gives one."),
  email: z.string().nullable(),
  roles: z.array(role),
  created_at: time,
  last_seen_at: time.nullable(),
  has_factor: z.boolean().describe("Whether the person has a passkey or an authenticator."),
  you: z.boolean(),
});
export type PersonBody = z.infer<typeof person>;
export const personList = z.object({ people: z.array(person) });
/** By hand: the answer has a link that signs the new person in once, within an hour. */
export const createPersonBody = z.strictObject({ name: personName.min(1), email, roles: held });
export const createdPerson = person.extend({ sign_in_link: z.string() });
export const changePersonBody = z.strictObject({ roles: held });

export const invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  roles: z.array(role),
  invited_by: z.string(),
  created_at: time,
  expires_at: time,
  state: z.enum(["open", "accepted", "expired", "withdrawn"]),
});
export const invitationList = z.object({ invitations: z.array(invitation) });
export const createInvitationBody = z.strictObject({ email, roles: held });
/** The link is in this answer and in no other. */
export const createdInvitation = invitation.extend({ link: z.string() });
/** What an invited person sees before accepting. */
export const shownInvitation = z.object({
  email: z.string(),
  roles: z.array(role),
  workspace: z.string(),
  invited_by: z.string(),
  expires_at: time,
});

/** For the server's own command line: an address, or an id of the list. Absent: the only person, or the first. */
export const createLinkBody = z.strictObject({
  email: z.string().trim().min(1).max(254).optional(),
  without_factors: z
    .boolean()
    .optional()
    .describe("Takes the passkeys, the authenticator and the password of the person away: they are lost."),
});
const linkedPerson = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  workspace: z.string(),
  roles: z.array(role),
});
export const createdLink = z.object({
  link: z.string(),
  person: linkedPerson.nullable().describe("null where the link makes the first owner."),
});
export type LinkBody = z.infer<typeof createdLink>;
const listedPerson = linkedPerson.extend({ last_seen_at: time.nullable() });
export type ListedPerson = z.infer<typeof listedPerson>;
export const everyone = z.object({ people: z.array(listedPerson) });

export const passkey = z.object({
  id: z.uuid(),
  name: z.string(),
  synced: z.boolean(),
  created_at: time,
  last_used_at: time.nullable(),
});
/** How a session was opened. `server/access/ways-in.ts` says what each way proves. */
export const signInWay = z.enum(["link", "key", "invitation", "single_sign_on", "passkey", "password"]);
export type SignInWay = z.infer<typeof signInWay>;

export const me = z.object({
  id: z.uuid().nullable(),
  name: z.string(),
  email: z.string().nullable(),
  roles: z.array(role),
  workspaces: z.array(
    z.object({ id: z.uuid(), name: z.string(), roles: z.array(role), current: z.boolean() }),
  ),
  signed_in_by: signInWay,
  passkeys: z.array(passkey),
  second_step: z.object({ on: z.boolean(), backup_codes_left: z.int() }),
  has_password: z.boolean(),
  may_enrol_first_factor: z.boolean(),
  proved_until: time.nullable().describe("Until then no second look is asked for."),
});
export type Me = z.infer<typeof me>;
export const changeMeBody = z.strictObject({ name: personName.optional(), email: email.optional() });
export const switchWorkspaceBody = z.strictObject({ workspace_id: z.uuid() });
export const createPasskeyBody = z.strictObject({
  name: visibleText(100).min(1),
  response: webauthn,
});
export const renamePasskeyBody = z.strictObject({ name: visibleText(100).min(1) });
/** 12 characters at least, 1,000 at most, counted as people see them and not as computers store them. */
export const passwordBody = z.strictObject({ password: z.string().max(4_000) });
export const proofBody = z.strictObject({ code: z.string().min(1).max(64) });
export const proved = z.object({ proved_until: time });

export const session = z.object({
  id: z.uuid(),
  device: z.string().describe("Browser and system in words, such as Firefox on Linux."),
  ip: z.string().nullable(),
  signed_in_by: me.shape.signed_in_by,
  created_at: time,
  last_seen_at: time,
  expires_at: time,
  current: z.boolean(),
});
export const sessionList = z.object({ sessions: z.array(session) });

/** The OIDC provider of a workspace. The client's secret is stored sealed and never shown. */
export const singleSignOn = z.object({
  name: z.string(),
  issuer: z.string(),
  client_id: z.string(),
  has_client_secret: z.boolean(),
  domains: z.array(z.string()),
  groups_claim: z.string(),
  roles_of_groups: z.record(z.string(), z.array(role)),
  redirect_uri: z.string().describe("To be registered at the provider."),
});
export const changeSingleSignOnBody = z.strictObject({
  name: visibleText(60).min(1).default("Single sign-on"),
  issuer: z.url({ protocol: /^https?$/ }).max(2_000),
  client_id: z.string().min(1).max(500),
  client_secret: z.string().max(1_000).optional().describe("Absent keeps the stored one; empty removes it."),
  domains: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .max(253)
        .regex(
          /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$/,
          "Must be a domain, such as example.com.",
        ),
    )
    .max(50)
    .default([]),
  groups_claim: z.string().min(1).max(100).default("groups"),
  roles_of_groups: z
    .record(
      z.string().max(200).refine(isPlainText, "A group's name holds a character that cannot be stored."),
      z.unknown().describe("A list of roles."),
    )
    // Read here: a problem inside of a record would name the group, which the caller sent.
    .transform((groups, context): Record<string, z.output<typeof held>> => {
      const read = z.record(z.string(), held).safeParse(groups);
      if (read.success) return read.data;
      context.addIssue({ code: "custom", message: "Give each group a list of at least one role." });
      return z.NEVER;
    })
    .prefault({}),
});
