import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ListPlus, Plug, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { createMcpToken, findAgentUser, listMcpTokens } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Dialog, DialogBody, DialogFoot, DoneFoot } from "../kit/Dialog.tsx";
import { Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { useAction } from "../kit/useAction.ts";
import { useMay } from "../person/whoami.ts";
import { McpAddresses, NewAddress } from "./McpAddresses.tsx";
import styles from "./McpSection.module.css";

// Its list of tools is not part of the first view.
const GrantedTools = lazy(async () => ({ default: (await import("./GrantedTools.tsx")).GrantedTools }));

export interface McpSectionProps {
  readonly username: string;
  readonly disabled: boolean;
}

/** Lets an agent of another program act as this one, through addresses with a token. */
export function McpSection({ username, disabled }: McpSectionProps) {
  const [open, setOpen] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const mayChoose = useMay("agent_users:manage");
  const account = useQuery({ queryKey: ["agent-user", username], queryFn: () => findAgentUser(username) });
  const granted = account.data?.mcp_tools ?? [];
  const { data: all, error, refetch } = useQuery({ queryKey: ["mcp-tokens"], queryFn: listMcpTokens });
  const tokens = all?.filter(({ owner }) => owner.kind === "agent_user" && owner.name === username);
  return (
    <section className={styles.section} aria-labelledby="mcp-title">
      <h4 id="mcp-title">MCP</h4>
      <Muted>
        {disabled
          ? "While the account is disabled, its addresses are refused."
          : "Langflow, Dify, Claude Desktop, Cursor or any MCP host acts as this agent, with the tools wired to it, through an address of its own."}
      </Muted>
      {error && <Problem>{messageOf(error)}</Problem>}
      {tokens && tokens.length > 0 && (
        <Muted>
          {tokens.length === 1 ? "One address acts" : `${tokens.length} addresses act`} as this agent.
        </Muted>
      )}
      {granted.length > 0 && (
        <Muted>
          Besides, it was granted by name: <span>{granted.join(", ")}</span>.
        </Muted>
      )}
      <Button
        disabled={disabled && !tokens?.length}
        onClick={() => {
          // Hosts use addresses all the time, and the studio is not told.
          void refetch();
          setOpen(true);
        }}
      >
        <Plug size={14} aria-hidden />
        Connect over MCP…
      </Button>
      {mayChoose && account.data && (
        <Button onClick={() => setChoosing(true)}>
          <ListPlus size={14} aria-hidden />
          More tools over MCP…
        </Button>
      )}
      {choosing && (
        <Suspense>
          <GrantedTools username={username} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
      {open && (
        <ConnectOverMcp
          username={username}
          disabled={disabled}
          tokens={tokens ?? []}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  );
}

interface ConnectOverMcpProps extends McpSectionProps {
  readonly tokens: Awaited<ReturnType<typeof listMcpTokens>>;
  readonly onClose: () => void;
}

/** The agent's addresses. To open it creates none: a new one needs a click, and is shown once. */
function ConnectOverMcp({ username, disabled, tokens, onClose }: ConnectOverMcpProps) {
  const queries = useQueryClient();
  const { busy, problem, run } = useAction();
  const [shown, setShown] = useState<string>();
  const create = () =>
    run(async () => {
      const { token } = await createMcpToken({ agent_user: username });
      setShown(token);
      await queries.invalidateQueries({ queryKey: ["mcp-tokens"] });
    });
  if (shown !== undefined)
    return (
      <Dialog key="new" title="A new MCP address" onClose={onClose}>
        <DialogBody>
          <NewAddress owner={username} token={shown} />
          <DoneFoot onClose={onClose} />
        </DialogBody>
      </Dialog>
    );
  return (
    <Dialog key="all" title="Connect over MCP" onClose={onClose}>
      <DialogBody>
        {tokens.length === 0 ? (
          <Muted>
            No host acts as <code>{username}</code> yet. Create an address and paste it into the host.
          </Muted>
        ) : (
          <>
            <Muted>
              Each of these addresses acts as <code>{username}</code>. Revoke those that no host needs any
              more.
            </Muted>
            <McpAddresses label="MCP addresses of this agent" tokens={tokens} />
          </>
        )}
        <Problem>{problem}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>Close</Button>
          {/* Not `disabled`, which would take the focus away. */}
          <Button
            kind="primary"
            disabled={disabled}
            aria-disabled={busy}
            onClick={() => {
              if (!busy) void create();
            }}
          >
            <Plus size={14} aria-hidden /> Create an address
          </Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}
