import { type FormEvent, useState } from "react";
import type { TriedToken } from "../../../../plugin/api/workload.ts";
import { tryToken } from "../../api/workload-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { Field, Problem, TextArea } from "../../kit/Field.tsx";
import { Facts, Tag } from "../../kit/text.tsx";
import { useAction } from "../../kit/useAction.ts";
import { SettingsForm, SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";

/** Would this token get in, as whom, and why not? It is judged and forgotten. */
export function TryToken() {
  const { busy, problem, setProblem, run } = useAction();
  const [tried, setTried] = useState<TriedToken>();
  const test = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
    setTried(undefined);
    if (token === "") return setProblem("Paste a token first.");
    void run(async () => setTried(await tryToken(token)));
  };
  return (
    <SettingsSection
      title="Test a token"
      text="Would this token get in, and as whom? Totem judges it and forgets it: it is neither stored nor used up."
    >
      <SettingsForm onSubmit={test} onChange={() => setTried(undefined)}>
        <Field title="Token" description="Three parts with dots between them, as the issuer gave it.">
          {(ids) => (
            <TextArea
              {...ids}
              mono
              name="token"
              rows={4}
              spellCheck={false}
              autoComplete="off"
              placeholder="eyJ…"
            />
          )}
        </Field>
        <div>
          <Button type="submit" disabled={busy}>
            Test it
          </Button>
        </div>
      </SettingsForm>
      <Problem>{problem}</Problem>
      <div role="status">{tried && <Outcome of={tried} />}</div>
    </SettingsSection>
  );
}

const Outcome = ({ of: { gets_in, words, issuer, subject, rules } }: { of: TriedToken }) => (
  <>
    <p>
      <Tag tone={gets_in ? "good" : "danger"}>{gets_in ? "Gets in" : "Does not get in"}</Tag> {words}
    </p>
    <Facts
      facts={[
        ...(issuer === null ? [] : [["Issuer", issuer] as const]),
        ...(subject === null ? [] : [["Speaks for", <bdi key="subject">{subject}</bdi>] as const]),
      ]}
    />
    {rules.length > 0 && (
      <SettingsList label="What each rule says">
        {rules.map((rule) => (
          <SettingsRow key={rule.name}>
            <strong>
              <bdi>{rule.name}</bdi>
            </strong>{" "}
            {rule.words}
          </SettingsRow>
        ))}
      </SettingsList>
    )}
  </>
);
