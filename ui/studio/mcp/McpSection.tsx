import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plug } from "lucide-react";
import { useState } from "react";
import type { McpTokenBody } from "../../../plugin/api/keys.ts";
import { createMcpToken, listMcpTokens, revokeMcpToken } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { CopyField } from "../kit/CopyField.tsx";
import { ConfirmDialog, Dialog, DialogBody, DialogFoot } from "../kit/Dialog.tsx";
import { Problem } from "../kit/Field.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import styles from "./McpSection.module.css";

export interface McpSectionProps {
  readonly username: string;
  readonly disabled: boolean;
}

/** Lets an agent of another program act as this one: addresses with a token, created, listed and revoked. */
export function McpSection({ username, disabled }: McpSectionProps) {
  const queries = useQueryClient();
  const tokensKey = ["mcp-tokens", username];
  const { data: tokens, error } = useQuery({ queryKey: tokensKey, queryFn: () => listMcpTokens(username) });
  const [shown, setShown] = useState<string>();
  const [revoking, setRevoking] = useState<McpTokenBody>();
  const freshen = () => queries.invalidateQueries({ queryKey: tokensKey });
  const making = useMutation({
    mutationFn: () => createMcpToken(username),
    onSuccess: ({ token }) => {
      setShown(token);
      return freshen();
    },
    onError: (problem) => showToast({ text: messageOf(problem), tone: "warning" }),
  });
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
        <ul className={styles.tokens} aria-label="MCP addresses of this agent">
          {tokens.map((token) => (
            <li key={token.id} className={styles.token}>
              <span>Created {exactTime(token.created_at)}</span>
              <Button
                kind="link"
                aria-label={`Revoke the address created ${exactTime(token.created_at)}`}
                onClick={() => setRevoking(token)}
              >
                Revoke…
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button
        disabled={disabled}
        // Not `disabled`, which would take the focus away.
        aria-disabled={making.isPending}
        onClick={() => {
          if (!making.isPending) making.mutate();
        }}
      >
        <Plug size={14} aria-hidden />
        Connect over MCP…
      </Button>
      {shown !== undefined && (
        <NewAddress username={username} token={shown} onClose={() => setShown(undefined)} />
      )}
      {revoking && (
        <ConfirmDialog
          title="Revoke this address?"
          text="The host that uses it is refused from then on. The agent's account and its other addresses stay. This cannot be undone."
          confirm="Revoke"
          run={async () => {
            await revokeMcpToken(revoking.id);
            await freshen();
          }}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </section>
  );
}

interface NewAddressProps {
  readonly username: string;
  readonly token: string;
  readonly onClose: () => void;
}

/** A new address: shown now and never again, in the forms that hosts take. */
function NewAddress({ username, token, onClose }: NewAddressProps) {
  const address = mcpAddress(location.origin, token);
  return (
    <Dialog title="Connect over MCP" onClose={onClose}>
      <DialogBody>
        <Callout role="status">
          Copy it now: it is shown only this once. Every program that has this address acts as{" "}
          <code>{username}</code>.
        </Callout>
        <CopyField
          title="Address"
          text={address}
          help="For Langflow, Dify and Claude’s connectors. If the host runs elsewhere, put the name it knows this server by in front of /mcp."
        />
        <CopyField
          title="JSON"
          text={mcpServersJson(address)}
          help="For Cursor’s mcp.json, and others that take this form."
        />
        <Muted>
          One address for one agent: two chats that share it are one identity here. What to paste where:{" "}
          <code>docs/hosts/README.md</code>.
        </Muted>
        <DialogFoot>
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}

/** What people paste into hosts. The token is part of the address: most of them cannot set headers. */
export const mcpAddress = (origin: string, token: string): string => `${origin}/mcp/${token}`;

export const mcpServersJson = (address: string): string =>
  JSON.stringify({ mcpServers: { totem: { url: address } } }, null, 2);
