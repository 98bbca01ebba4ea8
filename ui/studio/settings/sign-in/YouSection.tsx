import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { Me } from "../../../../plugin/api/people.ts";
import { changeMe } from "../../api/people-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { Input, Labelled, Problem } from "../../kit/Field.tsx";
import { showToast } from "../../kit/toasts.ts";
import { useAction } from "../../kit/useAction.ts";
import { SettingsForm, SettingsSection } from "../SettingsSection.tsx";

/** The person's name, and the address by which links and passwords find them. */
export function YouSection({ me }: { me: Me }) {
  const { busy, problem, run } = useAction();
  const queries = useQueryClient();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = (name: string) => String(new FormData(event.currentTarget).get(name) ?? "").trim();
    const [name, email] = [field("name"), field("email")];
    const change = {
      ...(name === me.name ? {} : { name }),
      ...(email === (me.email ?? "") || email === "" ? {} : { email }),
    };
    if (!(await run(() => changeMe(change)))) return;
    await Promise.all(
      ["me", "whoami", "people"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    );
    showToast({ text: "Saved." });
  };
  return (
    <SettingsSection
      title="You"
      text="The audit log shows your name. A sign-in link from the command line finds you by your address."
    >
      <SettingsForm onSubmit={(event) => void save(event)}>
        <Labelled title="Name">
          <Input name="name" defaultValue={me.name} maxLength={100} autoComplete="name" />
        </Labelled>
        <Labelled title="E-mail address">
          <Input
            name="email"
            type="email"
            defaultValue={me.email ?? ""}
            maxLength={254}
            autoComplete="email"
            // An address is changed, not taken away: links and passwords find the person by it.
            required={me.email !== null}
          />
        </Labelled>
        <Problem>{problem}</Problem>
        <Button type="submit" disabled={busy}>
          Save
        </Button>
      </SettingsForm>
    </SettingsSection>
  );
}
