import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AskPolicy } from "../../../plugin/api/approvals.ts";
import { roles } from "../../../plugin/roles.ts";
import { type Asking, readAsk } from "../api/approval-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button, ButtonRow } from "../kit/Button.tsx";
import { Problem } from "../kit/Field.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { AskDialog } from "./AskDialog.tsx";

export interface AskSectionProps {
  readonly asking: Asking;
  /** Whether the person may change it. */
  readonly manages: boolean;
}

/** Who is asked before each code of an entry or an identity. */
export function AskSection({ asking, manages }: AskSectionProps) {
  const queries = useQueryClient();
  const key = ["ask", asking];
  const { data, error } = useQuery({ queryKey: key, queryFn: () => readAsk(asking) });
  const [editing, setEditing] = useState(false);
  return (
    <PanelSection aria-label="Ask people first">
      <h3>Ask people first</h3>
      {error && <Problem>{messageOf(error)}</Problem>}
      {data && (
        <>
          <Muted>{data.ask ? policyInWords(data.ask) : "No person is asked before a code is read."}</Muted>
          {data.ask && data.may_answer <= data.ask.needed && (
            <Callout>
              {data.may_answer === 0
                ? "No person here may answer."
                : `Only ${data.may_answer} ${data.may_answer === 1 ? "person" : "people"} here may answer, and who started the run does not count.`}
            </Callout>
          )}
          {manages && (
            <ButtonRow>
              <Button onClick={() => setEditing(true)}>{data.ask ? "Change…" : "Ask people…"}</Button>
            </ButtonRow>
          )}
          {editing && (
            <AskDialog
              asking={asking}
              ask={data.ask}
              onSaved={(saved) => queries.setQueryData(key, saved)}
              onClose={() => setEditing(false)}
            />
          )}
        </>
      )}
    </PanelSection>
  );
}

/** @example "One operator says yes before each code. A question is open for 60 minutes, a yes is good for 15." */
function policyInWords({ roles: held, people, needed, open_minutes, good_minutes }: AskPolicy): string {
  const named =
    people.length === 0 ? [] : [people.length === 1 ? "one named person" : `${people.length} named people`];
  const who = new Intl.ListFormat("en", { type: "disjunction" }).format([
    ...held.map((role) => roles[role].title.toLowerCase()),
    ...named,
  ]);
  const count = needed === 1 ? "One person says" : "Two people say";
  return `${count} yes before each code: ${who}. A question is open for ${open_minutes} minutes; a yes is good for ${good_minutes}.`;
}
