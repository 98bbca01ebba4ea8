import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { role } from "../../../../plugin/roles.ts";
import { type SingleSignOnBody, setSingleSignOn } from "../../api/people-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Help, Input, Labelled, Problem, TextArea } from "../../kit/Field.tsx";
import { useAction } from "../../kit/useAction.ts";
import { readGroupLines, writeGroupLines } from "./group-lines.ts";

export interface SingleSignOnDialogProps {
  readonly stored: SingleSignOnBody | undefined;
  readonly onClose: () => void;
}

/** Sets the provider. The client's secret goes in and is never shown again. */
export function SingleSignOnDialog({ stored, onClose }: SingleSignOnDialogProps) {
  const { busy, problem, setProblem, run } = useAction();
  const [keepsSecret, setKeepsSecret] = useState(stored?.has_client_secret === true);
  const queries = useQueryClient();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const field = (name: string) => String(given.get(name) ?? "").trim();
    const groups = readGroupLines(field("groups"));
    if ("problem" in groups) return setProblem(groups.problem);
    const saved = await run(() =>
      setSingleSignOn({
        name: field("name"),
        issuer: field("issuer"),
        client_id: field("client_id"),
        ...(keepsSecret ? {} : { client_secret: field("client_secret") }),
        domains: field("domains")
          .split(/[\s,]+/)
          .filter(Boolean),
        groups_claim: field("groups_claim"),
        roles_of_groups: groups.roles,
      }),
    );
    if (!saved) return;
    await queries.invalidateQueries({ queryKey: ["single sign-on"] });
    onClose();
  };
  return (
    <Dialog wide title="Single sign-on" onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)}>
        <Labelled title="Name on the button">
          <Input name="name" required maxLength={60} defaultValue={stored?.name ?? "Single sign-on"} />
        </Labelled>
        <Labelled title="Issuer">
          <Input
            name="issuer"
            type="url"
            required
            placeholder="https://login.example.com"
            defaultValue={stored?.issuer}
          />
        </Labelled>
        <Labelled title="Client id">
          <Input
            name="client_id"
            required
            maxLength={500}
            defaultValue={stored?.client_id}
            spellCheck={false}
          />
        </Labelled>
        {keepsSecret ? (
          <p>
            The client secret is stored.{" "}
            <Button kind="link" onClick={() => setKeepsSecret(false)}>
              Replace it
            </Button>
          </p>
        ) : (
          <Labelled title="Client secret">
            <Input name="client_secret" type="password" autoComplete="off" maxLength={1_000} />
          </Labelled>
        )}
        <Labelled title="Domains of addresses that may sign in">
          <Input
            name="domains"
            placeholder="example.com, example.org"
            defaultValue={stored?.domains.join(", ")}
            spellCheck={false}
          />
        </Labelled>
        <Labelled title="Claim that holds the groups">
          <Input
            name="groups_claim"
            required
            maxLength={100}
            defaultValue={stored?.groups_claim ?? "groups"}
          />
        </Labelled>
        <Labelled title="Roles of groups">
          <TextArea
            mono
            name="groups"
            rows={3}
            placeholder="engineering: builder"
            defaultValue={writeGroupLines(stored?.roles_of_groups ?? {})}
            aria-describedby="groups-help"
            spellCheck={false}
          />
        </Labelled>
        <Help id="groups-help">One group a line, with its roles: {role.options.join(", ")}.</Help>
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Save
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
