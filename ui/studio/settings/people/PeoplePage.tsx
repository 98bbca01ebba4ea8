import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { listPeople, type PersonBody, removePerson } from "../../api/people-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button, ButtonRow } from "../../kit/Button.tsx";
import { ConfirmDialog } from "../../kit/Dialog.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { PageNotice } from "../../pages/PageFrame.tsx";
import { nameOfPerson, titlesOf } from "../../person/role-words.ts";
import { useMay } from "../../person/whoami.ts";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";
import { AddPersonDialog } from "./AddPersonDialog.tsx";
import { InvitationSection } from "./InvitationSection.tsx";
import { InviteDialog } from "./InviteDialog.tsx";
import { RolesDialog } from "./RolesDialog.tsx";

type Open =
  | { readonly what: "invite" | "add" }
  | { readonly what: "roles" | "remove"; readonly person: PersonBody };

/** Who uses this workspace, and what they may do. */
export function PeoplePage() {
  const { data, error, refetch } = useQuery({ queryKey: ["people"], queryFn: listPeople });
  const [open, setOpen] = useState<Open>();
  const queries = useQueryClient();
  const mayManage = useMay("people:manage");
  if (!data)
    return error ? (
      <PageNotice
        title="The people cannot be read"
        text={messageOf(error)}
        action={{ label: "Try again", run: () => void refetch() }}
      />
    ) : (
      <PageNotice busy title="Reading who is here…" />
    );
  const close = () => setOpen(undefined);
  const now = Date.now();
  const alone = data.people.length === 1;
  return (
    <>
      <SettingsSection
        title="People"
        text={
          alone && mayManage
            ? "Only you use this workspace. Invite others, each with a role of their own."
            : mayManage
              ? undefined
              : "An owner or administrator invites people and changes their roles."
        }
        actions={
          mayManage && (
            <ButtonRow>
              <Button kind="primary" onClick={() => setOpen({ what: "invite" })}>
                Invite
              </Button>
              <Button onClick={() => setOpen({ what: "add" })}>Add by hand</Button>
            </ButtonRow>
          )
        }
      >
        <SettingsList label="People">
          {data.people.map((person) => (
            <SettingsRow
              key={person.id}
              actions={
                mayManage && (
                  <>
                    <Button
                      kind="quiet"
                      aria-label={`Change roles of ${nameOfPerson(person)}`}
                      onClick={() => setOpen({ what: "roles", person })}
                    >
                      Change roles
                    </Button>
                    <Button
                      kind="quiet"
                      aria-label={`Remove ${nameOfPerson(person)}`}
                      onClick={() => setOpen({ what: "remove", person })}
                    >
                      Remove
                    </Button>
                  </>
                )
              }
            >
              <strong>{nameOfPerson(person)}</strong> {person.you && <Tag tone="good">You</Tag>}{" "}
              {!person.has_factor && <Tag tone="warning">No passkey yet</Tag>}
              <Muted as="div">
                {titlesOf(person.roles)}
                {person.email && person.name && ` · ${person.email}`}
                {person.last_seen_at ? (
                  <span title={exactTime(person.last_seen_at)}>
                    {" "}
                    · last seen {relativeTime(person.last_seen_at, now)}
                  </span>
                ) : (
                  " · not here yet"
                )}
              </Muted>
            </SettingsRow>
          ))}
        </SettingsList>
      </SettingsSection>
      {mayManage && <InvitationSection />}
      {open?.what === "invite" && <InviteDialog onClose={close} />}
      {open?.what === "add" && <AddPersonDialog onClose={close} />}
      {open?.what === "roles" && <RolesDialog person={open.person} onClose={close} />}
      {open?.what === "remove" && (
        <ConfirmDialog
          title={open.person.you ? "Remove yourself?" : `Remove ${nameOfPerson(open.person)}?`}
          text={open.person.you ? ownEnd : theirEnd}
          confirm="Remove"
          run={async () => {
            await removePerson(open.person.id);
            await queries.invalidateQueries({ queryKey: ["people"] });
          }}
          onClose={close}
        />
      )}
    </>
  );
}

const theirEnd =
  "Their sessions end at once, the keys they made stop working, and what was granted to them is gone. What they did stays in the audit log.";
const ownEnd =
  "Your sessions end at once, the keys you made stop working, and what was granted to you is gone. What you did stays in the audit log.";
