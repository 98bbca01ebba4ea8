import { messageOf } from "../../api/request.ts";
import { PageNotice } from "../../pages/PageFrame.tsx";
import { useMe } from "../../person/useMe.ts";
import { useMay } from "../../person/whoami.ts";
import { AuthenticatorSection } from "./AuthenticatorSection.tsx";
import { PasskeySection } from "./PasskeySection.tsx";
import { PasswordSection } from "./PasswordSection.tsx";
import { SessionSection } from "./SessionSection.tsx";
import { SingleSignOnSection } from "./SingleSignOnSection.tsx";
import { YouSection } from "./YouSection.tsx";

/** How the person signs in; for those who may, also how their workspace's people do. */
export function SignInSettings() {
  const { data: me, error, refetch } = useMe();
  const maySet = useMay("settings:manage");
  if (!me)
    return error ? (
      <PageNotice
        title="Your ways to sign in cannot be read"
        text={messageOf(error)}
        action={{ label: "Try again", run: () => void refetch() }}
      />
    ) : (
      <PageNotice busy title="Reading your ways to sign in…" />
    );
  return (
    <>
      {me.id === null ? (
        <PageNotice
          title="This session is from before there were people"
          text="Open a new sign-in link to become a person: restart Totem, or run totem people link."
        />
      ) : (
        <>
          <YouSection me={me} />
          <PasskeySection me={me} />
          <AuthenticatorSection me={me} />
          <PasswordSection me={me} />
          <SessionSection />
        </>
      )}
      {maySet && <SingleSignOnSection workspaceId={me.workspaces.find(({ current }) => current)?.id} />}
    </>
  );
}
