import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { WorkloadRuleBody } from "../../../../plugin/api/workload.ts";
import { listAgentUsers, listServiceKeys } from "../../api/account-endpoints.ts";
import { saveRule, type WorkloadIdentity } from "../../api/workload-endpoints.ts";
import { Choice } from "../../kit/Choice.tsx";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Field, Input, Problem, Select, TextArea } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import { readConditionLines, writeConditionLines } from "./condition-lines.ts";
import { type FormProblems, problemsOf } from "./form-problems.ts";
import { presetOf } from "./presets.ts";

interface RuleDialogProps {
  readonly known: WorkloadIdentity;
  /** The one to change; a new one without it. */
  readonly stored?: WorkloadRuleBody;
  readonly onClose: () => void;
}

type TargetKind = "agent_user" | "service_key";

/** Says which tokens of an issuer get in, and as whom. */
export function RuleDialog({ known, stored, onClose }: RuleDialogProps) {
  const queries = useQueryClient();
  const namesId = useId();
  const { issuers } = known;
  const [issuerId, setIssuerId] = useState(stored?.issuer_id ?? issuers.at(-1)?.id ?? "");
  const preset = presetOf(issuers.find(({ id }) => id === issuerId)?.issuer ?? "");
  const [kind, setKind] = useState<TargetKind>(
    stored && stored.target.kind !== "agent_user" ? "service_key" : "agent_user",
  );
  const [problems, setProblems] = useState<FormProblems>({});
  const [busy, setBusy] = useState(false);
  const agents = useQuery({ queryKey: ["agent-users"], queryFn: listAgentUsers });
  const keys = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys });
  const names =
    kind === "agent_user"
      ? agents.data?.agent_users.map(({ username }) => username)
      : keys.data?.keys.map(({ name }) => name);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const field = (key: string) => String(given.get(key) ?? "").trim();
    const read = readConditionLines(field("conditions"));
    if ("problem" in read) return setProblems({ conditions: read.problem });
    const target = field("target");
    if (target === "") return setProblems({ target: "Name the agent or the key that it acts as." });
    setBusy(true);
    try {
      await saveRule(
        {
          name: field("name"),
          issuer_id: issuerId,
          audience: field("audience"),
          conditions: read.conditions,
          target: kind === "agent_user" ? { agent_user: target } : { service_key: target },
          token_seconds: Number(field("token_seconds")),
        },
        stored?.id,
      );
      await queries.invalidateQueries({ queryKey: ["workload-identity"] });
      onClose();
    } catch (error) {
      setProblems(problemsOf(error, ["name", "audience", "conditions", "target"]));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog wide title={stored ? `Change the rule “${stored.name}”` : "New rule"} onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)} onChange={() => setProblems({})}>
        <Field title="Name" description="What the audit log calls it." problem={problems.name}>
          {(ids) => (
            <Input
              {...ids}
              name="name"
              required
              maxLength={100}
              autoComplete="off"
              defaultValue={stored?.name}
            />
          )}
        </Field>
        <Field title="Issuer">
          {(ids) => (
            <Select {...ids} value={issuerId} onChange={({ target }) => setIssuerId(target.value)}>
              {issuers.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          title="Audience"
          description="What the token must say in aud. A program asks its issuer for a token with it."
          problem={problems.audience}
        >
          {(ids) => (
            <Input
              {...ids}
              name="audience"
              required
              maxLength={500}
              spellCheck={false}
              defaultValue={stored?.audience ?? known.audience}
            />
          )}
        </Field>
        <Field
          title="Conditions"
          description="One a line: a claim, =, and the exact text. A * stands for one or more characters, but not for / and :. A claim within another is a path, such as /kubernetes.io/namespace. All lines must hold."
          problem={problems.conditions}
        >
          {(ids) => (
            <TextArea
              {...ids}
              mono
              name="conditions"
              rows={4}
              required
              spellCheck={false}
              placeholder={preset.conditions}
              defaultValue={stored && writeConditionLines(stored.conditions)}
            />
          )}
        </Field>
        <Choice<TargetKind>
          title="Who fits acts as"
          value={kind}
          onChange={setKind}
          choices={[
            ["agent_user", "An agent"],
            ["service_key", "A service key, or the installation that it speaks for"],
          ]}
        />
        <Field
          title={kind === "agent_user" ? "Agent" : "Key"}
          description={kind === "agent_user" ? "The agent’s username." : "The name the key was created with."}
          problem={problems.target}
        >
          {(ids) => (
            <Input
              {...ids}
              name="target"
              list={namesId}
              maxLength={300}
              autoComplete="off"
              defaultValue={stored?.target.name}
            />
          )}
        </Field>
        <datalist id={namesId}>
          {names?.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field title="Lasts" description="Then the program exchanges a new token.">
          {(ids) => (
            <Select {...ids} name="token_seconds" defaultValue={stored?.token_seconds ?? 900}>
              {lengthsWith(stored?.token_seconds).map(([seconds, words]) => (
                <option key={seconds} value={seconds}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {stored && <Muted>To save ends all tokens that came of this rule. Programs take new ones.</Muted>}
        <Problem>{problems.form}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          {stored ? "Save" : "Create the rule"}
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}

const lengths: readonly (readonly [seconds: number, words: string])[] = [
  [300, "5 minutes"],
  [600, "10 minutes"],
  [900, "15 minutes"],
];

/** A length that was set over HTTP stays as it is. */
const lengthsWith = (stored: number | undefined): typeof lengths =>
  stored === undefined || lengths.some(([seconds]) => seconds === stored)
    ? lengths
    : [...lengths, [stored, `${stored} seconds`] as const];
