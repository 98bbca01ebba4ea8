import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { AskPolicy } from "../../../plugin/api/approvals.ts";
import { type Role, roles } from "../../../plugin/roles.ts";
import { type Asking, setAsk } from "../api/approval-endpoints.ts";
import { listPeople } from "../api/people-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { Choice, ChoiceGroup, ChoiceRow } from "../kit/Choice.tsx";
import { Dialog, DialogFoot, DialogForm } from "../kit/Dialog.tsx";
import { Field, Help, Input, Problem } from "../kit/Field.tsx";
import { useAction } from "../kit/useAction.ts";
import { nameOfPerson } from "../person/role-words.ts";
import { useMay } from "../person/whoami.ts";

export interface AskDialogProps {
  readonly asking: Asking;
  readonly ask: AskPolicy | null;
  readonly onSaved: (saved: Awaited<ReturnType<typeof setAsk>>) => void;
  readonly onClose: () => void;
}

const roleNames = Object.keys(roles) as Role[];

/** Who may answer, how many of them, and how long. */
export function AskDialog({ asking, ask, onSaved, onClose }: AskDialogProps) {
  const seesPeople = useMay("people:manage");
  const people = useQuery({ queryKey: ["people"], queryFn: listPeople, enabled: seesPeople });
  const [needed, setNeeded] = useState<"1" | "2">(ask?.needed === 2 ? "2" : "1");
  const { busy, problem, setProblem, run } = useAction();
  const save = async (policy: AskPolicy | null) => {
    if (await run(async () => onSaved(await setAsk(asking, policy)))) onClose();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = {
      roles: roleNames.filter((role) => form.getAll("roles").includes(role)),
      // Without the list of people nothing is known about them, so they stay.
      people: people.data ? form.getAll("people").map(String) : (ask?.people ?? []),
    };
    if (chosen.roles.length + chosen.people.length === 0) return setProblem("Choose who may answer.");
    const minutes = (name: string) => Number(form.get(name));
    void save({
      ...chosen,
      needed: needed === "2" ? 2 : 1,
      open_minutes: minutes("open_minutes"),
      good_minutes: minutes("good_minutes"),
    });
  };
  return (
    <Dialog title="Ask people before each code" onClose={onClose}>
      <DialogForm onSubmit={submit}>
        <ChoiceGroup title="Who may answer">
          {roleNames.map((role) => (
            <ChoiceRow key={role}>
              <input
                type="checkbox"
                name="roles"
                value={role}
                defaultChecked={ask ? ask.roles.includes(role) : role === "operator"}
              />
              <span>
                {roles[role].title}
                <Help as="span">{roles[role].description}</Help>
              </span>
            </ChoiceRow>
          ))}
        </ChoiceGroup>
        {people.data && (
          <ChoiceGroup title="And these people">
            {people.data.people.map((person) => (
              <ChoiceRow key={person.id}>
                <input
                  type="checkbox"
                  name="people"
                  value={person.id}
                  defaultChecked={ask?.people.includes(person.id) ?? false}
                />
                {nameOfPerson(person)}
              </ChoiceRow>
            ))}
          </ChoiceGroup>
        )}
        <Choice<"1" | "2">
          title="How many must say yes"
          value={needed}
          onChange={setNeeded}
          choices={[
            ["1", "One person"],
            ["2", "Two people"],
          ]}
        />
        <Help>The person who started the run, or caused the question, never counts.</Help>
        <Field
          title="A question is open for"
          description="Minutes. Then the agent is told that no person answered."
        >
          {(ids) => (
            <Input
              {...ids}
              name="open_minutes"
              type="number"
              required
              min={1}
              max={10_080}
              defaultValue={ask?.open_minutes ?? 60}
            />
          )}
        </Field>
        <Field title="A yes is good for" description="Minutes, for one read of that one call.">
          {(ids) => (
            <Input
              {...ids}
              name="good_minutes"
              type="number"
              required
              min={1}
              max={1_440}
              defaultValue={ask?.good_minutes ?? 15}
            />
          )}
        </Field>
        <Problem>{problem}</Problem>
        <DialogFoot>
          {ask && (
            <Button disabled={busy} onClick={() => void save(null)}>
              Ask no person
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={busy}>
            Save
          </Button>
        </DialogFoot>
      </DialogForm>
    </Dialog>
  );
}
