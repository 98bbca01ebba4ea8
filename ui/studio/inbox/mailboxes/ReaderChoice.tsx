import { useQuery } from "@tanstack/react-query";
import { listAgentUsers } from "../../api/account-endpoints.ts";
import { messageOf } from "../../api/request.ts";

/** The agents of the workspace, by username, and which of them may wait for a mailbox's codes. */
export function ReaderChoice({ readers }: { readers: readonly string[] }) {
  const agents = useQuery({ queryKey: ["agent-users"], queryFn: listAgentUsers });
  const names = [
    ...new Set([...readers, ...(agents.data?.agent_users ?? []).map(({ username }) => username)]),
  ];
  return (
    <fieldset className="choice boxes__readers">
      <legend className="field__label">Who may wait for its codes</legend>
      {names.map((name) => (
        <label key={name} className="choice__row">
          <input type="checkbox" name="readers" value={name} defaultChecked={readers.includes(name)} />
          <span>{name}</span>
        </label>
      ))}
      {agents.error ? (
        <p className="field__problem">{messageOf(agents.error)}</p>
      ) : (
        names.length === 0 && (
          <p className="muted">
            {agents.isPending ? "Looking for agents…" : "This workspace has no agent users yet."}
          </p>
        )
      )}
    </fieldset>
  );
}
