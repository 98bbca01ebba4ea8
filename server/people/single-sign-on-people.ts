import { type Kysely, sql } from "kysely";
import { z } from "zod";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, rolesInWords } from "../../plugin/roles.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { bindAddress, holderOf, isLeftOver, lockAddress } from "./bind-address.ts";
import { isOpenInvitation } from "./invitations.ts";
import { lockMembers } from "./join-workspace.ts";
import { rolesByGroups, withGroups } from "./roles-by-groups.ts";
import { type Arrival, type Entered, findMembership, refuse, settle } from "./settle-member.ts";
import type { Claims } from "./single-sign-on-provider.ts";

/** Whom the provider's word lets in, with which roles, in the caller's transaction. */
export async function enterByProvider(trx: Kysely<Tables>, at: Date, arrival: Arrival): Promise<Entered> {
  const { workspace_id: workspaceId, issuer } = arrival.settings;
  await lockMembers(trx, workspaceId);
  const identity = await trx
    .selectFrom("person_identity")
    .select(["person_id", "group_roles"])
    .where("workspace_id", "=", workspaceId)
    .where("issuer", "=", issuer)
    .where("subject", "=", arrival.claims.sub)
    .executeTakeFirst();
  return identity ? enterAgain(trx, at, { ...arrival, identity }) : enterFirst(trx, at, arrival);
}

interface Return extends Arrival {
  readonly identity: { readonly person_id: string; readonly group_roles: Role[] };
}

async function enterAgain(trx: Kysely<Tables>, at: Date, { identity, ...arrival }: Return): Promise<Entered> {
  const { settings, claims } = arrival;
  const member = await findMembership(trx, settings.workspace_id, identity.person_id);
  if (member && member.removed_at === null)
    return settle(trx, at, {
      arrival,
      personId: identity.person_id,
      now: withGroups(member.roles, identity.group_roles, rolesByGroups(settings, claims)),
    });
  // A removed person comes back by an invitation only, whatever the list of domains says.
  const email = verifiedAddress(claims);
  if (email) await lockAddress(trx, email);
  const invited = email && (await acceptInvitation(trx, at, { settings, email, ip: arrival.ip }));
  if (!invited) return refuse("SINGLE_SIGN_ON_NOT_INVITED", "You were removed here. Ask for an invitation.");
  if ("refusal" in invited) return invited;
  return settle(trx, at, {
    arrival,
    personId: identity.person_id,
    now: withGroups(invited.roles, [], rolesByGroups(settings, claims)),
  });
}

async function enterFirst(trx: Kysely<Tables>, at: Date, arrival: Arrival): Promise<Entered> {
  const { settings, claims } = arrival;
  const email = verifiedAddress(claims);
  if (email === undefined)
    return refuse(
      "SINGLE_SIGN_ON_REFUSED",
      "Your provider does not say that your e-mail address is verified. Ask for an invitation by link.",
    );
  const fromGroups = rolesByGroups(settings, claims);
  // As a link does, so that both cannot use one invitation up.
  await lockAddress(trx, email);
  const known = await holderOf(trx, email);
  // Whom another workspace left behind takes no address from a person of this one (see `bindAddress`).
  if (known && !(await isLeftOver(trx, known.id, settings.workspace_id))) {
    const roles = await rolesIfUntouched(trx, settings.workspace_id, known.id);
    // A provider says who its own users are. It does not say which of our people they are.
    if (!roles)
      return refuse(
        "SINGLE_SIGN_ON_NOT_INVITED",
        "A person with your address is here already. Sign in the way you did before.",
      );
    return settle(trx, at, { arrival, personId: known.id, now: withGroups(roles, [], fromGroups) });
  }
  const invited = await acceptInvitation(trx, at, { settings, email, ip: arrival.ip });
  if (invited && "refusal" in invited) return invited;
  if (!invited && !settings.domains.includes(email.slice(email.lastIndexOf("@") + 1)))
    return refuse("SINGLE_SIGN_ON_NOT_INVITED");
  if (!invited && fromGroups.length === 0)
    return refuse(
      "SINGLE_SIGN_ON_NOT_INVITED",
      "None of your groups at your provider has a role here. Ask an administrator.",
    );
  const { id } = await bindAddress(trx, {
    workspaceId: settings.workspace_id,
    email,
    name: nameIn(claims),
    at,
  });
  return settle(trx, at, {
    arrival,
    personId: id,
    isNew: true,
    now: withGroups(invited?.roles ?? [], [], fromGroups),
  });
}

/**
 * The roles of a person who was added by hand in this workspace only and has never been here: then the address is all
 * that is known, and the provider vouches for it. An owner is never found by an address: who may change the provider
 * is not always one.
 */
async function rolesIfUntouched(
  trx: Kysely<Tables>,
  workspaceId: string,
  personId: string,
): Promise<readonly Role[] | undefined> {
  const { rows } = await sql<{ roles: Role[] }>`
    select roles from workspace_member
    where workspace_id = ${workspaceId} and person_id = ${personId} and removed_at is null and not 'owner' = any(roles)
      and not exists (select from workspace_member where person_id = ${personId} and workspace_id <> ${workspaceId})
      and not exists (select from person where id = ${personId} and password_hash is not null)
      and not exists (select from person_identity where person_id = ${personId})
      and not exists (select from passkey where person_id = ${personId})
      and not exists (select from second_step where person_id = ${personId})
      and not exists (select from studio_session where person_id = ${personId})
      and not exists (
        select from audit_event
        where workspace_id = ${workspaceId} and actor_kind = 'person' and actor_id = ${personId}
      )`.execute(trx);
  return rows[0]?.roles;
}

interface Invited extends Pick<Arrival, "settings" | "ip"> {
  readonly email: string;
}

/** Takes an open invitation for the verified address. One to be an owner is opened by its link only. */
async function acceptInvitation(
  trx: Kysely<Tables>,
  at: Date,
  { settings, email, ip }: Invited,
): Promise<{ readonly roles: readonly Role[] } | { readonly refusal: PluginError } | undefined> {
  const invitation = await trx
    .selectFrom("invitation")
    .select(["id", "roles"])
    .where("workspace_id", "=", settings.workspace_id)
    .where("email", "=", email)
    .where(isOpenInvitation(at))
    .executeTakeFirst();
  if (!invitation) return undefined;
  if (invitation.roles.includes("owner"))
    return {
      refusal: new PluginError("SINGLE_SIGN_ON_NOT_INVITED", {
        message: "An invitation to be an owner is opened by its link.",
      }),
    };
  await trx.updateTable("invitation").set({ accepted_at: at }).where("id", "=", invitation.id).execute();
  await writeAuditEvent(trx, {
    workspaceId: settings.workspace_id,
    at,
    actor: { kind: "person", id: email, name: email, role: rolesInWords(invitation.roles), ip },
    action: "invitation.accepted",
    subject: { kind: "invitation", id: invitation.id },
    reason: "single_sign_on",
  });
  return invitation;
}

const address = z.email().max(254);

/** In lower case; undefined where the provider has not verified it. */
function verifiedAddress({ email, email_verified }: Claims): string | undefined {
  const read = address.safeParse(email);
  return read.success && email_verified === true ? read.data.toLowerCase() : undefined;
}

/** Printable, and as long as a name may be. */
const nameIn = ({ name }: Claims): string =>
  typeof name === "string"
    ? name
        .replace(/\p{C}+/gu, " ")
        .trim()
        .slice(0, 100)
    : "";
