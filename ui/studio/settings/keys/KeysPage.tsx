import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { ServiceKeyBody } from "../../../../plugin/api/keys.ts";
import { listServiceKeys, revokeServiceKey } from "../../api/account-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { ConfirmDialog } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { leftWords, madeWords, usedWords } from "../../kit/use-words.ts";
import { useMay } from "../../person/whoami.ts";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";
import { NewKeyDialog } from "./NewKeyDialog.tsx";
import { RotateKeyDialog } from "./RotateKeyDialog.tsx";

/** What is being done to a key, in a dialog. */
type Doing = { readonly what: "new" } | { readonly what: "rotate" | "revoke"; readonly key: ServiceKeyBody };

/** The keys of programs: what each may do, who made it, and when and from where it was used last. */
export function KeysPage() {
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys });
  const [doing, setDoing] = useState<Doing>();
  const manages = useMay("keys:manage");
  const close = () => setDoing(undefined);
  const keys = data?.keys;
  return (
    <>
      <SettingsSection
        title="Keys"
        text="A program signs in with a key. It may do what its scopes say, in this workspace."
        actions={
          manages && (
            <Button kind="primary" onClick={() => setDoing({ what: "new" })}>
              <Plus size={14} aria-hidden /> New key…
            </Button>
          )
        }
      >
        {error && <Problem>{messageOf(error)}</Problem>}
        {keys?.length === 0 && (
          <Muted>
            There is no key yet.{" "}
            {manages
              ? "Create one for each program, so that each can be revoked by itself."
              : "An owner or administrator creates them."}
          </Muted>
        )}
        {keys && keys.length > 0 && (
          <SettingsList label="Keys">
            {keys.map((key) => (
              <KeyRow key={key.id} of={key} onDo={manages ? setDoing : undefined} />
            ))}
          </SettingsList>
        )}
      </SettingsSection>
      <SettingsSection
        title="totem_admin"
        text="The key of the server itself, from TOTEM_ADMIN_KEY or the file admin.key. It may do everything and is meant for automation. It is changed where the server is started, and the audit log names it totem_admin."
      >
        {null}
      </SettingsSection>
      {doing?.what === "new" && <NewKeyDialog onClose={close} />}
      {doing?.what === "rotate" && <RotateKeyDialog of={doing.key} onClose={close} />}
      {doing?.what === "revoke" && (
        <ConfirmDialog
          title={`Revoke the key “${doing.key.name}”?`}
          text="Every program that uses it is refused from then on, and what it has open ends. This cannot be undone."
          confirm="Revoke"
          run={async () => {
            await revokeServiceKey(doing.key.id);
            await queries.invalidateQueries({ queryKey: ["service-keys"] });
            await queries.invalidateQueries({ queryKey: ["mcp-tokens"] });
          }}
          onClose={close}
        />
      )}
    </>
  );
}

interface KeyRowProps {
  readonly of: ServiceKeyBody;
  /** Absent for a person who may only look. */
  readonly onDo: ((doing: Doing) => void) | undefined;
}

function KeyRow({ of: key, onDo }: KeyRowProps) {
  const now = Date.now();
  const expired = key.expires_at !== null && Date.parse(key.expires_at) <= now;
  return (
    <SettingsRow
      actions={
        onDo && (
          <>
            <Button
              aria-label={`Rotate the key ${key.name}`}
              disabled={expired}
              onClick={() => onDo({ what: "rotate", key })}
            >
              Rotate…
            </Button>
            <Button aria-label={`Revoke the key ${key.name}`} onClick={() => onDo({ what: "revoke", key })}>
              Revoke…
            </Button>
          </>
        )
      }
    >
      <strong>
        <bdi>{key.name}</bdi>
      </strong>{" "}
      {expired && <Tag tone="danger">Expired</Tag>}
      <div>
        {key.scopes.map((scope) => (
          <Tag key={scope}>{scope}</Tag>
        ))}
      </div>
      <Muted as="div" title={exactTime(key.created_at)}>
        {madeWords(key, now)} {endWords(key, now)}
      </Muted>
      <Muted as="div" title={key.last_used_at === null ? undefined : exactTime(key.last_used_at)}>
        {usedWords(key, now)}
      </Muted>
      {key.previous_until !== null && (
        <Muted as="div" title={exactTime(key.previous_until)}>
          The key before the rotation is accepted too: its overlap ends {leftWords(key.previous_until, now)}.
        </Muted>
      )}
      {key.host !== null && <Muted as="div">Speaks for one installation of {key.host}.</Muted>}
    </SettingsRow>
  );
}

/** @example endWords(key, now) // "Expires in 29 days." */
const endWords = ({ expires_at }: ServiceKeyBody, now: number): string =>
  expires_at === null
    ? "Never expires."
    : `${Date.parse(expires_at) <= now ? `Expired ${relativeTime(expires_at, now)}` : `Expires ${leftWords(expires_at, now)}`}.`;
