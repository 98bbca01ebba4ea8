import { Braces, ListOrdered, MessageSquare, Plus } from "lucide-react";
import { useState } from "react";
import { findCard } from "../../../plugin/node-cards.ts";
import type { ScriptStep } from "../../../plugin/nodes/ai-model.ts";
import type { ConfigControlProps } from "../editor/config-control.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { sameJson } from "../editor/same-json.ts";
import { Button } from "../kit/Button.tsx";
import { Help, labelClass, Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { JsonField } from "./JsonField.tsx";
import styles from "./ScriptField.module.css";
import { StepRow } from "./StepRow.tsx";
import { moveStep, readSteps, toolChoices } from "./script-steps.ts";

/** The script of a scripted model: a list of steps, or the same as JSON. */
export function ScriptField(props: ConfigControlProps) {
  const { field, node, value, problem, onChange } = props;
  const [asJson, setAsJson] = useState(false);
  const graph = useEditorState((state) => state.history.present);
  const { wired, others } = toolChoices(graph, node.id);
  // A script that was written by hand and does not read as steps can only be shown as it is.
  const steps = readSteps(value);
  const byHand = asJson || steps === undefined;
  const change = (next: readonly ScriptStep[]) => onChange(next);
  const list = steps ?? [];
  // The first step replaces the sentence that a new model starts with.
  const add = (step: ScriptStep) =>
    change(sameJson(list, findCard(node.type)?.initialConfig?.steps) ? [step] : [...list, step]);
  const used = new Set(list.map((step) => ("tool" in step ? step.tool : "")));
  const nextTool = wired.find((tool) => !used.has(tool)) ?? wired[0] ?? others[0] ?? "";

  return (
    <fieldset className={styles.script}>
      <legend className="totem-sr-only">{field.title}</legend>
      <div className={styles.head}>
        <span className={labelClass} aria-hidden="true">
          {field.title}
        </span>
        <Button data-aside="" kind="quiet" disabled={steps === undefined} onClick={() => setAsJson(!asJson)}>
          {byHand ? <ListOrdered size={14} aria-hidden /> : <Braces size={14} aria-hidden />}
          {byHand ? "Show steps" : "Edit as JSON"}
        </Button>
      </div>
      <Help className={styles.help}>The steps run in this order. Chat messages do not change them.</Help>
      {byHand ? (
        <JsonField {...props} field={{ ...field, title: "Script as JSON", description: undefined }} />
      ) : (
        <>
          {list.length === 0 && <Muted>No steps yet. The first is usually a tool call.</Muted>}
          <ol className={styles.steps}>
            {list.map((_step, index) => (
              <StepRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a step has no identity but its position.
                key={index}
                index={index}
                steps={list}
                wired={wired}
                others={others}
                onChange={(next) => change(list.with(index, next))}
                onMove={(by) => change(moveStep(list, index, by))}
                onRemove={() => change(list.toSpliced(index, 1))}
              />
            ))}
          </ol>
          {problem && <Problem>{problem}</Problem>}
          <div className={styles.foot}>
            <Button onClick={() => add({ tool: nextTool })}>
              <Plus size={14} aria-hidden /> Tool call
            </Button>
            <Button onClick={() => add({ say: "" })}>
              <MessageSquare size={14} aria-hidden /> Sentence
            </Button>
          </div>
        </>
      )}
    </fieldset>
  );
}
