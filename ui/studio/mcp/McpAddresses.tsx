import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { McpTokenBody } from "../../../plugin/api/keys.ts";
import { revokeMcpToken } from "../api/account-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { CopyField } from "../kit/CopyField.tsx";
import { ConfirmDialog } from "../kit/Dialog.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { madeWords, usedWords } from "../kit/use-words.ts";
import styles from "./McpAddresses.module.css";

export interface McpAddressesProps {
  readonly label: string;
  readonly tokens: readonly McpTokenBody[];
  /** Says whose each is, where the list is not of one owner. */
  readonly withOwner?: boolean;
  readonly mayRevoke?: boolean;
}

const ownerWords = ({ owner: { kind, name } }: McpTokenBody): string =>
  `${name} (${kind === "agent_user" ? "agent" : "key"})`;

/** Addresses over MCP, without their tokens: who made each, when it was used last, and a way to end it. */
export function McpAddresses({ label, tokens, withOwner = false, mayRevoke = true }: McpAddressesProps) {
  const queries = useQueryClient();
  const [revoking, setRevoking] = useState<McpTokenBody>();
  const now = Date.now();
  return (
    <>
      <ul className={styles.list} aria-label={label}>
        {tokens.map((token) => (
          <li key={token.id} className={styles.row}>
            <div className={styles.words}>
              {withOwner && (
                <strong>
                  <bdi>{ownerWords(token)}</bdi>
                </strong>
              )}
              <Muted as="div" title={exactTime(token.created_at)}>
                {madeWords(token, now)}
              </Muted>
              <Muted as="div" title={token.last_used_at === null ? undefined : exactTime(token.last_used_at)}>
                {usedWords(token, now)}
              </Muted>
            </div>
            {mayRevoke && (
              <Button
                aria-label={`Revoke the address ${withOwner ? `of ${ownerWords(token)}, ` : ""}created ${exactTime(token.created_at)}`}
                onClick={() => setRevoking(token)}
              >
                Revoke…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {revoking && (
        <ConfirmDialog
          title="Revoke this address?"
          text="The host that uses it is refused from then on. Its owner and other addresses stay. This cannot be undone."
          confirm="Revoke"
          run={async () => {
            await revokeMcpToken(revoking.id);
            await queries.invalidateQueries({ queryKey: ["mcp-tokens"] });
          }}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </>
  );
}

/** A new address: shown now and never again, in the forms that hosts take. */
export function NewAddress({ owner, token }: { readonly owner: string; readonly token: string }) {
  const address = mcpAddress(location.origin, token);
  return (
    <>
      <Callout role="status">
        Copy it now: it is shown only this once. Every program that has this address acts as{" "}
        <code>{owner}</code>.
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
    </>
  );
}

/** What people paste into hosts. The token is part of the address: most of them cannot set headers. */
export const mcpAddress = (origin: string, token: string): string => `${origin}/mcp/${token}`;

export const mcpServersJson = (address: string): string =>
  JSON.stringify({ mcpServers: { totem: { url: address } } }, null, 2);
