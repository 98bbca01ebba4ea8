import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Waypoints } from "lucide-react";
import { useState } from "react";
import type { ProxyCredentialBody } from "../../../plugin/api/proxy.ts";
import {
  createProxyCredential,
  listProxyCredentials,
  readProxy,
  revokeProxyCredential,
} from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { CopyField } from "../kit/CopyField.tsx";
import { ConfirmDialog, Dialog, DialogBody, DialogFoot, DoneFoot } from "../kit/Dialog.tsx";
import { Problem } from "../kit/Field.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { madeWords, usedWords } from "../kit/use-words.ts";
import { useAction } from "../kit/useAction.ts";
import rows from "./McpAddresses.module.css";
import styles from "./McpSection.module.css";

const queryKey = ["proxy-credentials"];

interface ProxySectionProps {
  readonly username: string;
  readonly disabled: boolean;
}

/** Lets a program use this agent's secrets through the proxy, without holding them. */
export function ProxySection({ username, disabled }: ProxySectionProps) {
  const [open, setOpen] = useState(false);
  const { data: all, error, refetch } = useQuery({ queryKey, queryFn: listProxyCredentials });
  const own = all?.filter(({ agent_user }) => agent_user === username) ?? [];
  return (
    <section className={styles.section} aria-labelledby="proxy-title">
      <h4 id="proxy-title">Proxy</h4>
      <Muted>
        {disabled ? (
          "While the account is disabled, its credentials are refused."
        ) : (
          <>
            A program writes <code>{"{{vault.github.token}}"}</code> and the proxy puts the secret in, only
            towards the addresses that the entry names.
          </>
        )}
      </Muted>
      {error && <Problem>{messageOf(error)}</Problem>}
      {own.length > 0 && (
        <Muted>
          {own.length === 1 ? "One program’s credential works." : `${own.length} credentials work.`}
        </Muted>
      )}
      <Button
        disabled={disabled && own.length === 0}
        onClick={() => {
          // Programs use credentials all the time, and the studio is not told.
          void refetch();
          setOpen(true);
        }}
      >
        <Waypoints size={14} aria-hidden />
        Use by a program…
      </Button>
      {open && (
        <Programs username={username} disabled={disabled} credentials={own} onClose={() => setOpen(false)} />
      )}
    </section>
  );
}

interface ProgramsProps extends ProxySectionProps {
  readonly credentials: readonly ProxyCredentialBody[];
  readonly onClose: () => void;
}

/** The credentials of programs. A new one needs a click, and is shown once. */
function Programs({ username, disabled, credentials, onClose }: ProgramsProps) {
  const queries = useQueryClient();
  const { busy, problem, run } = useAction();
  const [shown, setShown] = useState<string>();
  const [revoking, setRevoking] = useState<ProxyCredentialBody>();
  const now = Date.now();
  const create = () =>
    run(async () => {
      const { credential } = await createProxyCredential(username);
      setShown(credential);
      await queries.invalidateQueries({ queryKey });
    });
  if (shown !== undefined)
    return (
      <Dialog key="new" title="A new credential for the proxy" onClose={onClose}>
        <DialogBody>
          <NewCredential username={username} credential={shown} />
          <DoneFoot onClose={onClose} />
        </DialogBody>
      </Dialog>
    );
  return (
    <Dialog key="all" title="Use by a program" onClose={onClose}>
      <DialogBody>
        {credentials.length === 0 ? (
          <Muted>
            No program uses the proxy as <code>{username}</code> yet. Create a credential and set it as the
            program’s HTTPS_PROXY.
          </Muted>
        ) : (
          <>
            <Muted>
              Each of these credentials lets a program use the secrets of <code>{username}</code>. Revoke
              those that no program needs any more.
            </Muted>
            <ul className={rows.list} aria-label="Credentials of this agent for the proxy">
              {credentials.map((credential) => (
                <li key={credential.id} className={rows.row}>
                  <div className={rows.words}>
                    <Muted as="div" title={exactTime(credential.created_at)}>
                      {madeWords(credential, now)}
                    </Muted>
                    <Muted as="div">{usedWords(credential, now)}</Muted>
                    <Muted as="div">Ends {exactTime(credential.expires_at)}.</Muted>
                  </div>
                  <Button
                    aria-label={`Revoke the credential created ${exactTime(credential.created_at)}`}
                    onClick={() => setRevoking(credential)}
                  >
                    Revoke…
                  </Button>
                </li>
              ))}
            </ul>
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
            <Plus size={14} aria-hidden /> Create a credential
          </Button>
        </DialogFoot>
        {revoking && (
          <ConfirmDialog
            title="Revoke this credential?"
            text="The program that uses it is refused from then on, and its connections end. This cannot be undone."
            confirm="Revoke"
            run={async () => {
              await revokeProxyCredential(revoking.id);
              await queries.invalidateQueries({ queryKey });
            }}
            onClose={() => setRevoking(undefined)}
          />
        )}
      </DialogBody>
    </Dialog>
  );
}

function NewCredential({ username, credential }: { readonly username: string; readonly credential: string }) {
  const { data, error } = useQuery({ queryKey: ["proxy"], queryFn: readProxy });
  const address = (data?.address ?? "http://127.0.0.1:4181").replace("://", `://${username}:${credential}@`);
  return (
    <>
      <Callout role="status">
        Copy it now: it is shown only this once. A program that has it uses the secrets of{" "}
        <code>{username}</code> where they belong, and nothing else.
      </Callout>
      {error && <Problem>{messageOf(error)}</Problem>}
      <CopyField
        title="HTTPS_PROXY"
        text={address}
        help={
          data?.address === null
            ? "This server opens no proxy: set TOTEM_PROXY_PORT, or start totem proxy. Put its address here."
            : "Set it in the environment of the program, as HTTP_PROXY too."
        }
      />
      {data && (
        <CopyField
          title="Certificate"
          text={data.certificate.trimEnd()}
          help="Save it as a file and name that in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE."
        />
      )}
    </>
  );
}
