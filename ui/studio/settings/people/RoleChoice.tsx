import { type Role, roles } from "../../../../plugin/roles.ts";
import { ChoiceGroup, ChoiceRow } from "../../kit/Choice.tsx";
import { Muted } from "../../kit/text.tsx";
import { useWhoami } from "../../person/whoami.ts";

export interface RoleChoiceProps {
  readonly held: readonly Role[];
  readonly onChange: (held: readonly Role[]) => void;
}

/** The roles by check box, each with what it may do. Owners are named by owners only. */
export function RoleChoice({ held, onChange }: RoleChoiceProps) {
  const isOwner = useWhoami()?.person?.roles.includes("owner");
  const change = (name: Role, on: boolean) =>
    onChange((Object.keys(roles) as Role[]).filter((other) => (other === name ? on : held.includes(other))));
  return (
    <ChoiceGroup title="Roles">
      {(Object.keys(roles) as Role[]).map((name) => {
        const refused = name === "owner" && !isOwner;
        return (
          <ChoiceRow key={name}>
            <input
              type="checkbox"
              checked={held.includes(name)}
              disabled={refused}
              onChange={({ target }) => change(name, target.checked)}
            />
            <span>
              {roles[name].title}
              <Muted as="div">{refused ? "Only an owner names owners." : roles[name].description}</Muted>
            </span>
          </ChoiceRow>
        );
      })}
    </ChoiceGroup>
  );
}
