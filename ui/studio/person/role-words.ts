import { type Role, roles } from "../../../plugin/roles.ts";

/** "Builder and auditor". */
export const titlesOf = (held: readonly Role[]): string =>
  new Intl.ListFormat("en").format(
    held.map((role, at) => (at === 0 ? roles[role].title : roles[role].title.toLowerCase())),
  );
