import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MailItem, TestedMail } from "../../../../plugin/api/settings.ts";
import { messageOf } from "../../api/request.ts";
import { readMailSettings, testMail } from "../../api/settings-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Facts, Muted, Tag } from "../../kit/text.tsx";
import { useAction } from "../../kit/useAction.ts";
import { useMay } from "../../person/whoami.ts";
import { SettingsSection } from "../SettingsSection.tsx";
import { stateTag } from "../state-words.ts";
import styles from "./MailPage.module.css";
import { QuestionWebhook } from "./QuestionWebhook.tsx";

/** What is set for mail and webhooks, what is missing, and a test of it. */
export function MailPage() {
  const manages = useMay("settings:manage");
  const { data, error } = useQuery({ queryKey: ["mail-settings"], queryFn: readMailSettings, staleTime: 0 });
  if (error) return <Problem>{messageOf(error)}</Problem>;
  if (!data) return <Muted>Asking the server…</Muted>;
  return (
    <>
      {data.items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
      {manages && <QuestionWebhook />}
    </>
  );
}

const testWords = { smtp: "Send a test message", imap: "Try the mailbox" } as const;

function Item({ item }: { readonly item: MailItem }) {
  const { id, title, state, text, facts, missing } = item;
  const manages = useMay("settings:manage");
  const testable = (id === "smtp" || id === "imap") && state !== "off" && manages;
  return (
    <SettingsSection title={title} actions={<Tag {...stateTag[state]} />}>
      <p>{text}</p>
      {missing.length > 0 && (
        <ul className={styles.missing} aria-label={`Missing for ${title}`}>
          {missing.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {facts.length > 0 && <Facts facts={facts.map(({ name, value }) => [name, value])} />}
      {testable && <MailTest what={id} />}
    </SettingsSection>
  );
}

/** Tries one way in, and says what came of it. */
function MailTest({ what }: { readonly what: keyof typeof testWords }) {
  const queries = useQueryClient();
  const { busy, problem, run } = useAction();
  const [tested, setTested] = useState<TestedMail>();
  const go = () => {
    setTested(undefined);
    return run(async () => {
      setTested(await testMail(what));
      await queries.invalidateQueries({ queryKey: ["mail-settings"] });
    });
  };
  return (
    <div className={styles.test}>
      <Button
        // Not `disabled`, which would take the focus away.
        aria-disabled={busy}
        onClick={() => {
          if (!busy) void go();
        }}
      >
        {busy ? "Trying…" : testWords[what]}
      </Button>
      <div role="status">
        {tested && (
          <>
            <Tag tone={tested.ok ? "good" : "danger"}>{tested.ok ? "It works" : "It does not work"}</Tag>{" "}
            {tested.steps.join(" ")}
          </>
        )}
      </div>
      <Problem>{problem}</Problem>
    </div>
  );
}
