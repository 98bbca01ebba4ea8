import { type Role, roles } from "../../../plugin/roles.ts";

/** How lists call a person: by the name, else the address, else the role. As the server does. */
export const nameOfPerson = ({
  name,
  email,
  roles: held,
}: {
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
}): string => name || email || (held[0] === "owner" ? "Owner" : "A person");

/** "Builder and auditor". */
export const titlesOf = (held: readonly Role[]): string =>
  new Intl.ListFormat("en").format(
    held.map((role, at) => (at === 0 ? roles[role].title : roles[role].title.toLowerCase())),
  );
