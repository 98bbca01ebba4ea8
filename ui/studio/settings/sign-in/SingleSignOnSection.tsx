import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { readSignInWays, readSingleSignOn, removeSingleSignOn } from "../../api/people-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button, ButtonRow } from "../../kit/Button.tsx";
import { CopyField } from "../../kit/CopyField.tsx";
import { ConfirmDialog } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Facts, Muted } from "../../kit/text.tsx";
import { titlesOf } from "../../person/role-words.ts";
import { SettingsSection } from "../SettingsSection.tsx";
import { SingleSignOnDialog } from "./SingleSignOnDialog.tsx";

/** The provider by which people of a domain sign in. One for a workspace. */
export function SingleSignOnSection({ workspaceId }: { workspaceId: string | undefined }) {
  const { data, error } = useQuery({
    queryKey: ["single sign-on", workspaceId],
    queryFn: async () => {
      // The list says whether there is one: a 404 would be an error in the browser's log.
      const { single_sign_on: all } = await readSignInWays();
      return all.some((one) => one.workspace_id === workspaceId) ? readSingleSignOn() : null;
    },
  });
  const [open, setOpen] = useState<"change" | "remove">();
  const queries = useQueryClient();
  const close = () => setOpen(undefined);
  const groups = Object.entries(data?.roles_of_groups ?? {});
  return (
    <SettingsSection
      title="Single sign-on"
      text="People of your company sign in by its own provider (OpenID Connect), and get their roles by its groups."
      actions={
        data !== undefined && (
          <ButtonRow>
            <Button onClick={() => setOpen("change")}>{data ? "Change" : "Set up single sign-on"}</Button>
            {data && (
              <Button kind="quiet" aria-label="Remove single sign-on" onClick={() => setOpen("remove")}>
                Remove
              </Button>
            )}
          </ButtonRow>
        )
      }
    >
      <Problem>{error ? messageOf(error) : undefined}</Problem>
      {data ? (
        <>
          <Facts
            facts={[
              ["Name", data.name],
              ["Issuer", data.issuer],
              ["Client id", data.client_id],
              ["Client secret", data.has_client_secret ? "stored, never shown" : "none"],
              ["Domains", data.domains.join(", ") || "none: only people who are here already"],
              ...groups.map(([group, held]) => [`Group ${group}`, titlesOf(held)] as const),
            ]}
          />
          <CopyField
            title="Redirect address"
            text={data.redirect_uri}
            help="Register it at your provider, exactly so."
          />
        </>
      ) : (
        data === null && <Muted>It is not set up.</Muted>
      )}
      {open === "change" && <SingleSignOnDialog stored={data ?? undefined} onClose={close} />}
      {open === "remove" && (
        <ConfirmDialog
          title="Remove single sign-on?"
          text="No person signs in by the provider any more. People keep their sessions and their other ways in."
          confirm="Remove"
          run={async () => {
            await removeSingleSignOn();
            await queries.invalidateQueries({ queryKey: ["single sign-on"] });
          }}
          onClose={close}
        />
      )}
    </SettingsSection>
  );
}
