import { Bell as BellIcon } from "lucide-react";
import { messageOf } from "../api/request.ts";
import { Problem } from "../kit/Field.tsx";
import { Menu } from "../kit/Menu.tsx";
import { Muted } from "../kit/text.tsx";
import styles from "./Bell.module.css";
import { QuestionCard } from "./QuestionCard.tsx";
import { useQuestions } from "./useQuestions.ts";

/** The questions that wait for people. Its number says how many wait for this person. */
export function Bell() {
  const { data, error } = useQuestions();
  const mine = data?.for_you ?? 0;
  const questions = data?.approvals ?? [];
  const label =
    mine === 0 ? "Questions" : mine === 1 ? "1 question waits for you" : `${mine} questions wait for you`;
  return (
    <>
      <Menu
        label={label}
        kind="quiet"
        align="end"
        className={styles.button}
        button={
          <>
            <BellIcon size={16} aria-hidden />
            {mine > 0 && (
              <span className={styles.count} data-part="questions" aria-hidden>
                {mine}
              </span>
            )}
          </>
        }
      >
        {(close) => (
          <div className={styles.panel}>
            <h2 className={styles.title}>Questions</h2>
            {error && <Problem>{messageOf(error)}</Problem>}
            {questions.length === 0 && (
              <Muted className={styles.none}>
                No question waits for you. You see one here when an agent needs a code that people must
                approve first, and you may answer.
              </Muted>
            )}
            {questions.toSorted(mineFirst).map((question) => (
              <QuestionCard key={question.id} question={question} onLeave={close} />
            ))}
          </div>
        )}
      </Menu>
      <span className="totem-sr-only" role="status">
        {mine === 0 ? "" : label}
      </span>
    </>
  );
}

const mineFirst = (one: { may_answer: boolean }, other: { may_answer: boolean }): number =>
  Number(other.may_answer) - Number(one.may_answer);
