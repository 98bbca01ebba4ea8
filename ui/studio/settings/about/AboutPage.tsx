import { useQuery } from "@tanstack/react-query";
import { messageOf } from "../../api/request.ts";
import { readAbout } from "../../api/settings-endpoints.ts";
import { Problem } from "../../kit/Field.tsx";
import { Facts, Muted, Tag } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";
import { stateTag } from "../state-words.ts";

const databaseWords = { embedded: "Embedded PostgreSQL (PGlite)", postgresql: "PostgreSQL" } as const;

/** Which server this is, and whether it is well. */
export function AboutPage() {
  const { data, error } = useQuery({ queryKey: ["about"], queryFn: readAbout, staleTime: 0 });
  if (error) return <Problem>{messageOf(error)}</Problem>;
  if (!data) return <Muted>Asking the server…</Muted>;
  const { database } = data;
  return (
    <>
      <SettingsSection title="About this server">
        <Facts
          facts={[
            ["Version", data.version],
            ["Database", `${databaseWords[database.kind]} ${database.version}`],
            ["Schema", database.migration],
            ["Node.js", data.node_version],
            [
              "Started",
              <span key="started" title={exactTime(data.started_at)}>
                {relativeTime(data.started_at, Date.now())}
              </span>,
            ],
          ]}
        />
      </SettingsSection>
      <SettingsSection title="Health">
        <SettingsList label="Health">
          {data.checks.map(({ name, state, text }) => (
            <SettingsRow key={name}>
              <strong>{name}</strong> <Tag {...stateTag[state]} />
              <Muted as="div">{text}</Muted>
            </SettingsRow>
          ))}
        </SettingsList>
      </SettingsSection>
    </>
  );
}
