import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { messageOf } from "../../api/request.ts";
import {
  readQuestionWebhook,
  removeQuestionWebhook,
  setQuestionWebhook,
  testQuestionWebhook,
} from "../../api/settings-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { ConfirmDialog, Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Field, Input, Problem } from "../../kit/Field.tsx";
import { Facts, Tag } from "../../kit/text.tsx";
import { exactTime } from "../../kit/times.ts";
import { useAction } from "../../kit/useAction.ts";
import { SettingsSection } from "../SettingsSection.tsx";
import { stateTag } from "../state-words.ts";
import styles from "./MailPage.module.css";

const queryKey = ["question-webhook"];

/** Where questions to people are sent, besides the bell: an address that takes messages in Slack's shape. */
export function QuestionWebhook() {
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey, queryFn: readQuestionWebhook, staleTime: 0 });
  const { busy, problem, run } = useAction();
  const [doing, setDoing] = useState<"set" | "remove">();
  const [sent, setSent] = useState(false);
  const close = () => setDoing(undefined);
  const test = () => {
    setSent(false);
    return run(async () => {
      await testQuestionWebhook();
      setSent(true);
    });
  };
  if (error) return <Problem>{messageOf(error)}</Problem>;
  if (!data) return null;
  const { host, updated_by, updated_at, last_sent_at, last_problem } = data;
  const state = host === null ? "off" : last_problem === null ? "ok" : "warning";
  return (
    <SettingsSection title="Questions to people" actions={<Tag {...stateTag[state]} />}>
      <p>
        {host === null
          ? "Questions wait behind the bell of the studio. Set the address of a webhook, as Slack gives it, to send them to a channel too."
          : "Questions go to a channel too, each with a link that opens it. Who opens it still signs in."}
      </p>
      {host !== null && (
        <Facts
          facts={[
            ["Sent to", host],
            ["Set by", updated_by ?? ""],
            ["Set", updated_at === null ? "" : exactTime(updated_at)],
            ...(last_sent_at === null ? [] : [["Last sent", exactTime(last_sent_at)] as const]),
            ...(last_problem === null ? [] : [["Last problem", last_problem] as const]),
          ]}
        />
      )}
      <div className={styles.test}>
        <Button onClick={() => setDoing("set")}>
          {host === null ? "Set the address…" : "Change the address…"}
        </Button>
        {host !== null && (
          <>
            {/* Not `disabled`, which would take the focus away. */}
            <Button aria-disabled={busy} onClick={() => (busy ? undefined : void test())}>
              {busy ? "Trying…" : "Send a test question"}
            </Button>
            <Button onClick={() => setDoing("remove")}>Remove…</Button>
          </>
        )}
        <div role="status">{sent && <Tag tone="good">It was taken</Tag>}</div>
        <Problem>{problem}</Problem>
      </div>
      {doing === "set" && <SetAddress onClose={close} />}
      {doing === "remove" && (
        <ConfirmDialog
          title="Remove the webhook?"
          text="Questions wait behind the bell only. The address is forgotten: to use it again, paste it again."
          confirm="Remove"
          run={async () => {
            queries.setQueryData(queryKey, await removeQuestionWebhook());
          }}
          onClose={close}
        />
      )}
    </SettingsSection>
  );
}

/** Takes an address. It holds a token, so it is sealed and never shown again. */
function SetAddress({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { busy, problem, setProblem, run } = useAction();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const url = String(new FormData(event.currentTarget).get("url") ?? "").trim();
    if (url === "") return setProblem("Paste the address of the webhook.");
    const set = await run(async () => {
      queries.setQueryData(queryKey, await setQuestionWebhook(url));
    });
    if (set) onClose();
  };
  return (
    <Dialog title="Send questions to a webhook" onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)}>
        <Field
          title="Address"
          description="As Slack gives it for an incoming webhook. It is sealed and never shown again. TOTEM_ALLOWED_URLS must name it."
          problem={problem}
        >
          {(ids) => <Input {...ids} name="url" inputMode="url" autoComplete="off" spellCheck={false} />}
        </Field>
        <FormFoot onClose={onClose} busy={busy}>
          Save
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
