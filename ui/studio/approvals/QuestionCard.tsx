import { useState } from "react";
import type { ApprovalBody } from "../../../plugin/api/approvals.ts";
import { Button, ButtonRow } from "../kit/Button.tsx";
import { Problem } from "../kit/Field.tsx";
import { PageLink } from "../kit/PageLink.tsx";
import { Facts, Muted, Tag } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { useAction } from "../kit/useAction.ts";
import { pathOfRun, pathOfSlug } from "../router.ts";
import styles from "./QuestionCard.module.css";
import { useAnswer } from "./useQuestions.ts";

export interface QuestionCardProps {
  readonly question: ApprovalBody;
  readonly onLeave?: () => void;
}

/** One question: who asks, for which code, why, and the two buttons that answer it. */
export function QuestionCard({ question, onLeave }: QuestionCardProps) {
  const answer = useAnswer();
  const { busy, problem, run } = useAction();
  // What the person has answered here, until the list is read anew.
  const [answered, setAnswered] = useState<ApprovalBody>();
  const shown = answered ?? question;
  const { id, reader, service, subject, workflow, run_id, reason, answers, state } = shown;
  const say = (decision: "approve" | "deny") => void run(async () => setAnswered(await answer(id, decision)));
  return (
    <article className={styles.question} aria-labelledby={`question-${id}`} data-question={id}>
      <h3 id={`question-${id}`} className={styles.title}>
        {reader} asks for a code of {service}
      </h3>
      <Facts
        facts={[
          ...(subject.name === service
            ? []
            : [[subject.kind === "vault_entry" ? "Entry" : "Identity", subject.name] as const]),
          ...(workflow
            ? [
                [
                  "Workflow",
                  <PageLink
                    key="run"
                    href={run_id ? pathOfRun(workflow.slug, run_id) : pathOfSlug(workflow.slug)}
                    onClick={onLeave}
                  >
                    {workflow.name}
                  </PageLink>,
                ] as const,
              ]
            : []),
          ["Asked", <Time key="asked" at={shown.created_at} />],
          ...(answers.length === 0
            ? []
            : [
                [
                  "Answers",
                  answers.map(({ name, decision }) => `${name}: ${words[decision]}`).join(", "),
                ] as const,
              ]),
        ]}
      />
      {reason !== null && (
        <figure className={styles.reason}>
          <blockquote>{reason}</blockquote>
          <figcaption>The model’s words. Totem did not check them.</figcaption>
        </figure>
      )}
      <p role="status">
        {state === "pending" ? (
          <>
            {shown.waits_for}. It ends <Time at={shown.expires_at} />.
          </>
        ) : (
          <Tag
            tone={state === "denied" ? "danger" : state === "approved" || state === "used" ? "good" : "plain"}
          >
            {stateWords[state]}
          </Tag>
        )}
      </p>
      {shown.may_answer ? (
        <ButtonRow>
          <Button kind="primary" disabled={busy} onClick={() => say("approve")}>
            Approve
          </Button>
          <Button disabled={busy} onClick={() => say("deny")}>
            Deny
          </Button>
        </ButtonRow>
      ) : (
        state === "pending" && shown.why_not && <Muted>{shown.why_not}</Muted>
      )}
      <Problem>{problem}</Problem>
    </article>
  );
}

const words = { approve: "yes", deny: "no" } as const;

const stateWords: Record<ApprovalBody["state"], string> = {
  pending: "Open",
  approved: "Approved",
  used: "Approved, and the code was read",
  denied: "Denied",
  expired: "Too late: no person answered in time",
  withdrawn: "Withdrawn",
};

const Time = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={exactTime(at)}>
    {relativeTime(at, Date.now())}
  </time>
);
