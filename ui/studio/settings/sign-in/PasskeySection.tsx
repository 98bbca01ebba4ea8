import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Me } from "../../../../plugin/api/people.ts";
import { type PasskeyBody, removePasskey, renamePasskey } from "../../api/people-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { ConfirmDialog } from "../../kit/Dialog.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { NewPasskeyDialog } from "../../person/NewPasskeyDialog.tsx";
import { NameDialog } from "../../workflows/NameDialog.tsx";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";

type Open = { readonly what: "rename" | "remove"; readonly passkey: PasskeyBody } | { readonly what: "add" };

/** The person's passkeys: the shortest way in, and the proof before what cannot be undone. */
export function PasskeySection({ me }: { me: Me }) {
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const close = () => setOpen(undefined);
  const changed = () => queries.invalidateQueries({ queryKey: ["me"] });
  const now = Date.now();
  return (
    <SettingsSection
      title="Passkeys"
      text="A passkey signs you in and proves that it is you. It stays on your device, or in your password manager."
      actions={<Button onClick={() => setOpen({ what: "add" })}>Add a passkey</Button>}
    >
      {me.passkeys.length === 0 ? (
        <Muted>You have none yet.</Muted>
      ) : (
        <SettingsList label="Your passkeys">
          {me.passkeys.map((passkey) => (
            <SettingsRow
              key={passkey.id}
              actions={
                <>
                  <Button
                    kind="quiet"
                    aria-label={`Rename ${passkey.name}`}
                    onClick={() => setOpen({ what: "rename", passkey })}
                  >
                    Rename
                  </Button>
                  <Button
                    kind="quiet"
                    aria-label={`Remove ${passkey.name}`}
                    onClick={() => setOpen({ what: "remove", passkey })}
                  >
                    Remove
                  </Button>
                </>
              }
            >
              <strong>{passkey.name}</strong> {passkey.synced && <Tag>synced</Tag>}
              <Muted as="div">
                <span title={exactTime(passkey.created_at)}>
                  Added {relativeTime(passkey.created_at, now)}
                </span>
                {passkey.last_used_at
                  ? `, last used ${relativeTime(passkey.last_used_at, now)}`
                  : ", not used yet"}
              </Muted>
            </SettingsRow>
          ))}
        </SettingsList>
      )}
      {open?.what === "add" && <NewPasskeyDialog me={me} onClose={close} />}
      {open?.what === "rename" && (
        <NameDialog
          title="Rename this passkey"
          confirm="Rename"
          name={open.passkey.name}
          onName={async (name) => {
            await renamePasskey(open.passkey.id, name);
            await changed();
          }}
          onClose={close}
        />
      )}
      {open?.what === "remove" && (
        <ConfirmDialog
          title={`Remove ${open.passkey.name}?`}
          text={`It signs you in no more. Your other sessions end.${
            me.passkeys.length === 1 && !me.second_step.on
              ? " It is your last one: you will need a new sign-in link to come back."
              : ""
          }`}
          confirm="Remove"
          run={async () => {
            await removePasskey(open.passkey.id);
            await changed();
          }}
          onClose={close}
        />
      )}
    </SettingsSection>
  );
}
