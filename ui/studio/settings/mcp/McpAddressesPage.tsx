import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import {
  createMcpToken,
  listAgentUsers,
  listMcpTokens,
  listServiceKeys,
} from "../../api/account-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { Choice } from "../../kit/Choice.tsx";
import { Dialog, DialogBody, DialogForm, DoneFoot, FormFoot } from "../../kit/Dialog.tsx";
import { Field, Input, Problem } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import { useAction } from "../../kit/useAction.ts";
import { McpAddresses, NewAddress } from "../../mcp/McpAddresses.tsx";
import { useMay } from "../../person/whoami.ts";
import { SettingsSection } from "../SettingsSection.tsx";

/** Every address over MCP of this workspace. */
export function McpAddressesPage() {
  const { data: tokens, error } = useQuery({ queryKey: ["mcp-tokens"], queryFn: listMcpTokens });
  const [adding, setAdding] = useState(false);
  const manages = useMay("keys:manage");
  return (
    <SettingsSection
      title="MCP addresses"
      text="Hosts such as Langflow, Dify, Claude Desktop and Cursor reach Totem through an address with a secret in it. An address acts as the agent or the key that it was made for, until you revoke it."
      actions={
        manages && (
          <Button kind="primary" onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden /> New address…
          </Button>
        )
      }
    >
      {error && <Problem>{messageOf(error)}</Problem>}
      {tokens?.length === 0 && (
        <Muted>
          There is no address yet.{" "}
          {manages
            ? "Create one here, or for an agent in its settings on the canvas: Identity, Connect over MCP."
            : "An owner or administrator creates them."}
        </Muted>
      )}
      {tokens && tokens.length > 0 && (
        <McpAddresses label="MCP addresses" tokens={tokens} withOwner mayRevoke={manages} />
      )}
      {adding && <AddAddress onClose={() => setAdding(false)} />}
    </SettingsSection>
  );
}

type OwnerKind = "agent_user" | "service_key";

/** Asks whose the address is. It exists only after that, and is shown once. */
function AddAddress({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const namesId = useId();
  const { busy, problem, setProblem, run } = useAction();
  const [kind, setKind] = useState<OwnerKind>("agent_user");
  const [made, setMade] = useState<{ readonly owner: string; readonly token: string }>();
  const agents = useQuery({ queryKey: ["agent-users"], queryFn: listAgentUsers });
  const keys = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys });
  const names =
    kind === "agent_user"
      ? agents.data?.agent_users.map(({ username }) => username)
      : keys.data?.keys.map(({ name }) => name);
  const create = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const owner = String(new FormData(event.currentTarget).get("owner") ?? "").trim();
    if (owner === "") return setProblem("Name the agent or the key that the address acts as.");
    void run(async () => {
      const { token } = await createMcpToken(
        kind === "agent_user" ? { agent_user: owner } : { service_key: owner },
      );
      setMade({ owner, token });
      await queries.invalidateQueries({ queryKey: ["mcp-tokens"] });
    });
  };
  if (made)
    return (
      <Dialog key="new" title="A new MCP address" onClose={onClose}>
        <DialogBody>
          <NewAddress {...made} />
          <DoneFoot onClose={onClose} />
        </DialogBody>
      </Dialog>
    );
  return (
    <Dialog key="ask" title="New MCP address" onClose={onClose}>
      <DialogForm onSubmit={create}>
        <Choice<OwnerKind>
          title="It acts as"
          value={kind}
          onChange={setKind}
          choices={[
            ["agent_user", "An agent"],
            ["service_key", "A service key"],
          ]}
        />
        <Field
          title="Name"
          description={kind === "agent_user" ? "The agent’s username." : "The name the key was created with."}
          problem={problem}
        >
          {(ids) => <Input {...ids} name="owner" list={namesId} maxLength={300} autoComplete="off" />}
        </Field>
        <datalist id={namesId}>
          {names?.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <FormFoot onClose={onClose} busy={busy}>
          Create the address
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
