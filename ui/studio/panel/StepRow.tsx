import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useId } from "react";
import type { ScriptStep } from "../../../plugin/nodes/ai-model.ts";
import { IconButton } from "../kit/Button.tsx";
import { Help, Problem, Select, TextArea } from "../kit/Field.tsx";
import { useJsonText } from "./JsonField.tsx";
import styles from "./StepRow.module.css";
import { argumentsHint, referencesOf } from "./script-steps.ts";

export interface StepRowProps {
  readonly index: number;
  readonly steps: readonly ScriptStep[];
  readonly wired: readonly string[];
  readonly others: readonly string[];
  readonly onChange: (step: ScriptStep) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

/** One step of a script: a tool call with its arguments, or a sentence. */
export function StepRow({ index, steps, wired, others, onChange, onMove, onRemove }: StepRowProps) {
  const step = steps[index];
  if (!step) return null;
  const name = `Step ${index + 1}`;
  return (
    <li className={styles.step}>
      <div className={styles.head}>
        <span className={styles.number} aria-hidden="true">
          {index + 1}
        </span>
        {"tool" in step ? (
          <Select
            className={styles.tool}
            aria-label={`${name}: tool`}
            value={step.tool}
            onChange={(event) => onChange({ ...step, tool: event.target.value })}
          >
            <ToolOptions label="Wired to its agent" tools={wired} />
            <ToolOptions label="Not wired" tools={others} />
            {!wired.includes(step.tool) && !others.includes(step.tool) && <option>{step.tool}</option>}
          </Select>
        ) : (
          <span className={styles.kind}>Says</span>
        )}
        <RowButton label={`Move ${name} up`} disabled={index === 0} onClick={() => onMove(-1)}>
          <ArrowUp size={14} aria-hidden />
        </RowButton>
        <RowButton
          label={`Move ${name} down`}
          disabled={index === steps.length - 1}
          onClick={() => onMove(1)}
        >
          <ArrowDown size={14} aria-hidden />
        </RowButton>
        <RowButton label={`Remove ${name}`} onClick={onRemove}>
          <X size={14} aria-hidden />
        </RowButton>
      </div>
      {"tool" in step ? (
        <Arguments key={step.tool} name={name} step={step} onChange={onChange} />
      ) : (
        <TextArea
          rows={2}
          aria-label={`${name}: sentence`}
          value={step.say}
          onChange={(event) => onChange({ say: event.target.value })}
        />
      )}
      <References names={referencesOf(steps, index)} />
    </li>
  );
}

const ToolOptions = ({ label, tools }: { label: string; tools: readonly string[] }) =>
  tools.length === 0 ? null : (
    <optgroup label={label}>
      {tools.map((tool) => (
        <option key={tool}>{tool}</option>
      ))}
    </optgroup>
  );

const References = ({ names }: { names: readonly string[] }) =>
  names.length === 0 ? null : (
    <details className={styles.references}>
      <summary>Results it can use</summary>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </details>
  );

interface ArgumentsProps {
  readonly name: string;
  readonly step: Extract<ScriptStep, { tool: string }>;
  readonly onChange: (step: ScriptStep) => void;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function Arguments({ name, step, onChange }: ArgumentsProps) {
  const helpId = useId();
  const json = useJsonText(
    step.arguments,
    (value) => {
      if (value === undefined) onChange({ tool: step.tool });
      else if (isRecord(value)) onChange({ tool: step.tool, arguments: value });
    },
    (value) => (isRecord(value) ? undefined : 'Not valid yet: write arguments as { "name": value }.'),
  );
  return (
    <>
      <TextArea
        mono
        rows={Math.min(6, Math.max(1, json.text.split("\n").length))}
        spellCheck={false}
        aria-label={`${name}: arguments as JSON`}
        aria-describedby={helpId}
        aria-invalid={json.problem !== undefined}
        placeholder={argumentsHint(step.tool)}
        value={json.text}
        onChange={(event) => json.setText(event.target.value)}
      />
      <Help id={helpId}>
        {json.problem && (
          <Problem as="span" role="none">
            {json.problem}
          </Problem>
        )}
      </Help>
    </>
  );
}

interface RowButtonProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

const RowButton = ({ label, disabled = false, onClick, children }: RowButtonProps) => (
  <IconButton small aria-label={label} title={label} disabled={disabled} onClick={onClick}>
    {children}
  </IconButton>
);
