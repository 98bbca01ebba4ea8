import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type InvitationBody, listInvitations, withdrawInvitation } from "../../api/people-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { useAction } from "../../kit/useAction.ts";
import { titlesOf } from "../../person/role-words.ts";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";

const states: Readonly<Record<Exclude<InvitationBody["state"], "open">, string>> = {
  accepted: "accepted",
  expired: "expired",
  withdrawn: "withdrawn",
};

/** The invitations. Open ones can be withdrawn; the link is never shown again. */
export function InvitationSection() {
  const { data, error } = useQuery({ queryKey: ["invitations"], queryFn: listInvitations });
  const { busy, problem, run } = useAction();
  const queries = useQueryClient();
  const withdraw = (id: string) =>
    run(async () => {
      await withdrawInvitation(id);
      await queries.invalidateQueries({ queryKey: ["invitations"] });
    });
  const now = Date.now();
  if (data?.invitations.length === 0) return null;
  return (
    <SettingsSection title="Invitations">
      <Problem>{problem ?? (error ? messageOf(error) : undefined)}</Problem>
      <SettingsList label="Invitations">
        {data?.invitations.map((one) => (
          <SettingsRow
            key={one.id}
            actions={
              one.state === "open" && (
                <Button
                  kind="quiet"
                  disabled={busy}
                  aria-label={`Withdraw the invitation of ${one.email}`}
                  onClick={() => void withdraw(one.id)}
                >
                  Withdraw
                </Button>
              )
            }
          >
            <strong>{one.email}</strong> {one.state !== "open" && <Tag>{states[one.state]}</Tag>}
            <Muted as="div">
              {titlesOf(one.roles)} · invited by {one.invited_by}{" "}
              <span title={exactTime(one.created_at)}>{relativeTime(one.created_at, now)}</span>
              {one.state === "open" && ` · until ${exactTime(one.expires_at)}`}
            </Muted>
          </SettingsRow>
        ))}
      </SettingsList>
    </SettingsSection>
  );
}
