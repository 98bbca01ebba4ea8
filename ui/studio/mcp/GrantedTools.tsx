import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { type GrantableMcpTool, grantableMcpTools } from "../../../plugin/api/agent-users.ts";
import { type AgentScope, agentScope } from "../../../plugin/api/scopes.ts";
import { changeAgentUser, findAgentUser } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { ChoiceGroup, ChoiceRow } from "../kit/Choice.tsx";
import { Dialog, DialogFoot, DialogForm } from "../kit/Dialog.tsx";
import { Help, Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { useAction } from "../kit/useAction.ts";

const grantable = Object.entries(grantableMcpTools) as [
  GrantableMcpTool,
  { readonly scope: AgentScope | null; readonly shows: string },
][];

/** The tools that an agent has over MCP besides those that are wired to it. */
export function GrantedTools({
  username,
  onClose,
}: {
  readonly username: string;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const { busy, problem, run } = useAction();
  const { data: account, error } = useQuery({
    queryKey: ["agent-user", username],
    queryFn: () => findAgentUser(username),
  });
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).getAll("tools");
    const tools = grantable.filter(([name]) => chosen.includes(name));
    if (!account) return;
    // A tool without its scope would not be listed. Scopes that it has already stay: its key needs them elsewhere.
    const had = agentScope.options.filter((scope) => account.scopes.includes(scope));
    const scopes = [...new Set([...had, ...tools.flatMap(([, { scope }]) => scope ?? [])])];
    const changed = await run(async () => {
      await changeAgentUser(username, { mcp_tools: tools.map(([name]) => name), scopes });
      await queries.invalidateQueries({ queryKey: ["agent-user", username] });
    });
    if (changed) onClose();
  };
  return (
    <Dialog wide title="More tools over MCP" onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)}>
        <Muted>
          Every tool that is wired to <code>{username}</code> is there already, and works as its node says.
          Choose a tool here only if no wire can give it: it answers with the secret itself.
        </Muted>
        {account && (
          <ChoiceGroup title="It also has">
            {grantable.map(([name, { scope, shows }]) => (
              <ChoiceRow key={name}>
                <input
                  type="checkbox"
                  name="tools"
                  value={name}
                  defaultChecked={account.mcp_tools.includes(name)}
                />
                <span>
                  {name}
                  <Help as="span">
                    {shows}
                    {scope !== null &&
                      !account.scopes.includes(scope) &&
                      ` Its key gets the scope ${scope} too.`}
                  </Help>
                </span>
              </ChoiceRow>
            ))}
          </ChoiceGroup>
        )}
        <Problem>{problem ?? (error ? messageOf(error) : undefined)}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={busy || !account}>
            Save
          </Button>
        </DialogFoot>
      </DialogForm>
    </Dialog>
  );
}
