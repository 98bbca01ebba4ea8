interface Condition {
  readonly claim: string;
  readonly matches: string;
}

/**
 * Issuers that give tokens to all the world: a rule without an owner lets in strangers. For each, the claims that name
 * an owner, and how much of one may have no `*`: all of it, or the part before this mark.
 */
const shared: readonly {
  readonly issuer: RegExp;
  readonly owners: Readonly<Record<string, "" | "/" | "repo:">>;
}[] = [
  {
    issuer: /^https:\/\/token\.actions\.githubusercontent\.com$/,
    owners: {
      repository: "/",
      repository_owner: "",
      repository_id: "",
      repository_owner_id: "",
      sub: "repo:",
    },
  },
  {
    issuer: /^https:\/\/gitlab\.com$/,
    owners: { namespace_path: "", namespace_id: "", project_path: "/", project_id: "" },
  },
  { issuer: /^https:\/\/accounts\.google\.com$/, owners: { sub: "", email: "", azp: "" } },
  {
    issuer: /^https:\/\/(app\.terraform\.io|agent\.buildkite\.com|api\.bitbucket\.org)/,
    owners: { organization_id: "", organization_slug: "", terraform_organization_id: "", workspaceUuid: "" },
  },
];

/** Why these conditions let in strangers at an issuer that all the world shares, in a sentence. */
export function problemOfSharedIssuer(issuer: string, conditions: readonly Condition[]): string | undefined {
  const known = shared.find((one) => one.issuer.test(issuer));
  if (!known) {
    // Anywhere else, at least one condition has to say something.
    return conditions.some(({ matches }) => /[^*/:]/.test(matches))
      ? undefined
      : "At least one condition has to name something, and not only *.";
  }
  const named = conditions.some(({ claim, matches }) => {
    const until = Object.hasOwn(known.owners, claim) ? known.owners[claim] : undefined;
    if (until === undefined) return false;
    if (until === "") return !matches.includes("*");
    const owner = until === "repo:" ? matches.replace(/^repo:/, "") : matches;
    return (owner.split("/")[0] ?? "*").match(/^[^*:]+$/) !== null;
  });
  return named
    ? undefined
    : `All the world gets tokens of this issuer. Name the owner without a *: one of ${Object.keys(known.owners).join(", ")}.`;
}
