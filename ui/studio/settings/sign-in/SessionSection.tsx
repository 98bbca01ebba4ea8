import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Me } from "../../../../plugin/api/people.ts";
import { endAllSessions, endSession, listSessions } from "../../api/people-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { useAction } from "../../kit/useAction.ts";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";

const ways: Readonly<Record<Me["signed_in_by"], string>> = {
  link: "by a link",
  key: "by the administrator’s key",
  invitation: "by an invitation",
  single_sign_on: "by single sign-on",
  passkey: "by passkey",
  password: "by password",
};

/** Where the person is signed in. A session they do not know is ended here. */
export function SessionSection() {
  const { data, error } = useQuery({ queryKey: ["sessions"], queryFn: listSessions });
  const { busy, problem, run } = useAction();
  const queries = useQueryClient();
  const end = (id: string) =>
    run(async () => {
      await endSession(id);
      await queries.invalidateQueries({ queryKey: ["sessions"] });
    });
  const endAll = () =>
    run(async () => {
      await endAllSessions();
      location.assign("/");
    });
  const now = Date.now();
  return (
    <SettingsSection
      title="Sessions"
      text="Where you are signed in. End one that you do not know."
      actions={
        <Button disabled={busy} onClick={() => void endAll()}>
          Sign out everywhere
        </Button>
      }
    >
      <Problem>{problem ?? (error ? messageOf(error) : undefined)}</Problem>
      <SettingsList label="Your sessions">
        {data?.sessions.map((one) => (
          <SettingsRow
            key={one.id}
            actions={
              !one.current && (
                <Button
                  kind="quiet"
                  disabled={busy}
                  aria-label={`End the session of ${one.device}`}
                  onClick={() => void end(one.id)}
                >
                  End
                </Button>
              )
            }
          >
            <strong>{one.device}</strong> {one.current && <Tag tone="good">This one</Tag>}
            <Muted as="div">
              {one.ip && `From ${one.ip}, `}
              signed in {ways[one.signed_in_by]}{" "}
              <span title={exactTime(one.created_at)}>{relativeTime(one.created_at, now)}</span>, last seen{" "}
              <span title={exactTime(one.last_seen_at)}>{relativeTime(one.last_seen_at, now)}</span>
            </Muted>
          </SettingsRow>
        ))}
      </SettingsList>
    </SettingsSection>
  );
}
