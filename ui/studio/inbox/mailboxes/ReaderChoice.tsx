import { useQuery } from "@tanstack/react-query";
import { listAgentUsers } from "../../api/account-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { ChoiceGroup, ChoiceRow } from "../../kit/Choice.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import styles from "./Mailboxes.module.css";

/** The agents of the workspace, by username, and which of them may wait for a mailbox's codes. */
export function ReaderChoice({ readers }: { readers: readonly string[] }) {
  const agents = useQuery({ queryKey: ["agent-users"], queryFn: listAgentUsers });
  const names = [
    ...new Set([...readers, ...(agents.data?.agent_users ?? []).map(({ username }) => username)]),
  ];
  return (
    <ChoiceGroup title="Who may wait for its codes" className={styles.readers}>
      {names.map((name) => (
        <ChoiceRow key={name}>
          <input type="checkbox" name="readers" value={name} defaultChecked={readers.includes(name)} />
          <span>{name}</span>
        </ChoiceRow>
      ))}
      {agents.error ? (
        <Problem>{messageOf(agents.error)}</Problem>
      ) : (
        names.length === 0 && (
          <Muted>{agents.isPending ? "Looking for agents…" : "This workspace has no agent users yet."}</Muted>
        )
      )}
    </ChoiceGroup>
  );
}
