import { type RawBuilder, sql } from "kysely";
import type { AskPolicy } from "../../plugin/api/approvals.ts";
import { waitsFor } from "../../plugin/approval-words.ts";
import { type AuthenticatedCaller, hasScope, type PersonCaller } from "../access/caller.ts";
import { type Member, nameOfMember } from "../access/members.ts";

/** Who is asked where a grant says that people approve, and its entry does not say who. */
export const usualPolicy: AskPolicy = {
  roles: ["owner", "administrator", "operator"],
  people: [],
  needed: 1,
  open_minutes: 15,
  good_minutes: 15,
};

const isNamed = ({ roles, people }: AskPolicy, person: Pick<Member, "id" | "roles">): boolean =>
  people.includes(person.id) || roles.some((role) => person.roles.includes(role));

/** The people who may answer. The person who asked or caused the question is none of them. */
export const answerersOf = (
  policy: AskPolicy,
  members: readonly Member[],
  causedBy: readonly string[] = [],
): Member[] => members.filter((member) => isNamed(policy, member) && !causedBy.includes(member.id));

/** Whom a question waits for, in words. */
export const waitsForInWords = (
  policy: AskPolicy,
  members: readonly Member[],
  causedBy: readonly string[],
): string =>
  waitsFor({
    roles: policy.roles,
    needed: policy.needed,
    byName: policy.roles.length === 0,
    names: answerersOf(policy, members, causedBy).map(nameOfMember),
  });

interface Asked {
  readonly policy: AskPolicy;
  readonly caused_by: readonly string[];
  readonly answered_by: readonly string[];
}

/** Why this caller's answer to an open question does not count; null where it counts. */
export function whyNot({ policy, caused_by, answered_by }: Asked, caller: AuthenticatedCaller) {
  if (caller.kind !== "person" || caller.personId === null) return "not_a_person";
  if (caused_by.includes(caller.personId)) return "caused_it";
  if (answered_by.includes(caller.personId)) return "answered";
  return isNamed(policy, { id: caller.personId, roles: caller.roles }) ? null : "not_asked";
}

/** Whether question `a` names this person, as SQL. */
const namesPerson = ({ personId, roles }: PersonCaller): RawBuilder<boolean> => sql<boolean>`
  (a.policy -> 'people' ? ${personId ?? ""}::text or a.policy -> 'roles' ?| ${[...roles]}::text[])`;

/** Whether the answer of this caller to question `a` counts. */
export const mayAnswer = (caller: AuthenticatedCaller): RawBuilder<boolean> =>
  caller.kind !== "person" || caller.personId === null
    ? sql<boolean>`false`
    : sql<boolean>`(${namesPerson(caller)} and not ${caller.personId}::uuid = any(a.caused_by) and not exists (
        select from approval_answer n where n.approval_id = a.id and n.person_id = ${caller.personId}::uuid))`;

/** Whether the caller sees question `a`: those who answer it, who caused it, and who run the vault or read lists. */
export function maySee(caller: AuthenticatedCaller): RawBuilder<boolean> {
  if (hasScope(caller, "vault:write") || hasScope(caller, "lists:read")) return sql<boolean>`true`;
  if (caller.kind !== "person" || caller.personId === null) return sql<boolean>`false`;
  return sql<boolean>`(${namesPerson(caller)} or ${caller.personId}::uuid = any(a.caused_by))`;
}
