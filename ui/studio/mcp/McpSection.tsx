import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plug } from "lucide-react";
import { useState } from "react";
import type { McpTokenBody } from "../../../plugin/api/keys.ts";
import { createMcpToken, listMcpTokens, revokeMcpToken } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { ConfirmDialog } from "../kit/ConfirmDialog.tsx";
import { exactTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { NewAddress } from "./NewAddress.tsx";

export interface McpSectionProps {
  readonly username: string;
  readonly disabled: boolean;
}

/** Lets an agent of another program act as this one: addresses with a token, made, listed and revoked. */
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
    <section className="mcp" aria-labelledby="mcp-title">
      <h4 id="mcp-title">MCP</h4>
      <p className="muted">
        {disabled
          ? "While the account is disabled, its addresses are refused."
          : "Langflow, Dify, Claude Desktop, Cursor or any MCP host acts as this agent, with the tools wired to it, through an address of its own."}
      </p>
      {error && <p className="field__problem">{messageOf(error)}</p>}
      {tokens && tokens.length > 0 && (
        <ul className="mcp__tokens" aria-label="MCP addresses of this agent">
          {tokens.map((token) => (
            <li key={token.id} className="mcp__token">
              <span>Made {exactTime(token.created_at)}</span>
              <button
                type="button"
                className="button button--link"
                aria-label={`Revoke the address made ${exactTime(token.created_at)}`}
                onClick={() => setRevoking(token)}
              >
                Revoke…
              </button>
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        className="button"
        disabled={disabled}
        // Not `disabled`, which would take the focus away.
        aria-disabled={making.isPending}
        onClick={() => {
          if (!making.isPending) making.mutate();
        }}
      >
        <Plug size={14} aria-hidden />
        Connect over MCP…
      </button>
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
