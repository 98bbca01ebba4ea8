import { scopes } from "../../plugin/api/scopes.ts";
import { type Role, role, roles, scopesOfRoles } from "../../plugin/roles.ts";

/** `docs/roles.md`: what each role may do, from the one table of roles. */
export function rolesPage(): string {
  const names: readonly Role[] = role.options;
  const titles = names.map((name) => roles[name].title).join(" | ");
  const rows = scopes.map((scope) => {
    const marks = names.map((name) => (scopesOfRoles([name]).has(scope) ? "yes" : "–"));
    return `| \`${scope}\` | ${marks.join(" | ")} |`;
  });
  return `# Roles

Read from \`plugin/roles.ts\` by \`npm run manifest\`. A person may hold several roles; each route names the scopes that open it.
[People and their sessions](people.md) says how they come in.

| Role | What it may do |
| --- | --- |
${names.map((name) => `| ${roles[name].title} | ${roles[name].description} |`).join("\n")}

| Scope | ${titles} |
| --- |${names.map(() => " --- |").join("")}
${rows.join("\n")}
`;
}
