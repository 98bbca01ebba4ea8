import { lazy, Suspense, useMemo, useRef } from "react";
import type { NodeContract } from "../../../plugin/define-node.ts";
import type { WorkflowNode } from "../../../plugin/workflow.ts";
import { type ConfigControlProps, useAskedField } from "../editor/config-control.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import { Field, Input, Select, TextArea } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import styles from "./ConfigForm.module.css";
import { configFields, configProblems, isFieldShown, wordsOfChoice } from "./config-fields.ts";
import { JsonField } from "./JsonField.tsx";
import { ModelKeyField } from "./ModelKeyField.tsx";
import { ScriptField } from "./ScriptField.tsx";

// Loads the schemas of the vault's answers.
const VaultEntryField = lazy(async () => ({
  default: (await import("../vault-entry/VaultEntryField.tsx")).VaultEntryField,
}));

type Config = WorkflowNode["data"]["config"];

export interface ConfigFormProps {
  readonly node: WorkflowNode;
  readonly contract: NodeContract;
}

/** The settings of one node, from its contract's config schema. Every change is saved at once. */
export function ConfigForm({ node, contract }: ConfigFormProps) {
  const editor = useEditor();
  const form = useRef<HTMLDivElement>(null);
  useAskedField(form, node.id);
  const { config } = node.data;
  const fields = useMemo(() => configFields(contract), [contract]);
  const problems = useMemo(() => configProblems(contract, config), [contract, config]);
  const shown = fields.filter((field) => isFieldShown(contract, field, config));
  if (shown.length === 0) return <Muted>This node has nothing to set.</Muted>;

  const change = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = config;
    // A form gives JSON; an empty number field goes back to its default.
    const next = value === undefined ? rest : { ...rest, [name]: value as Config[string] };
    editor.setConfig(node.id, next, name);
  };
  return (
    <div ref={form} className={styles.form}>
      {shown.map((field) => (
        <div key={field.name} data-config-field={field.name}>
          <ConfigControl
            field={field}
            node={node}
            value={config[field.name] ?? field.fallback}
            problem={problems.get(field.name)}
            onChange={(value) => change(field.name, value)}
          />
        </div>
      ))}
    </div>
  );
}

const asText = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

function ConfigControl(props: ConfigControlProps) {
  const { field, value, problem, onChange } = props;
  switch (field.control) {
    case "script":
      return <ScriptField {...props} />;
    case "model-key":
      return <ModelKeyField {...props} />;
    case "vault-entry":
      return (
        <Suspense>
          <VaultEntryField {...props} />
        </Suspense>
      );
    case "json":
      return <JsonField {...props} />;
    default:
      return (
        <Field title={field.title} description={field.description} problem={problem}>
          {(ids) => {
            switch (field.control) {
              case "multiline":
                return (
                  <TextArea
                    {...ids}
                    rows={6}
                    value={asText(value)}
                    onChange={(event) => onChange(event.target.value)}
                  />
                );
              case "choice":
                return (
                  <Select {...ids} value={asText(value)} onChange={(event) => onChange(event.target.value)}>
                    {field.choices.map((choice) => (
                      <option key={choice} value={choice}>
                        {wordsOfChoice(choice)}
                      </option>
                    ))}
                  </Select>
                );
              case "number":
                return (
                  <Input
                    {...ids}
                    type="number"
                    min={field.min}
                    max={field.max}
                    value={asText(value)}
                    onChange={({ target }) =>
                      onChange(target.value === "" ? undefined : target.valueAsNumber)
                    }
                  />
                );
              case "switch":
                return (
                  <input
                    {...ids}
                    type="checkbox"
                    checked={value === true}
                    onChange={(event) => onChange(event.target.checked)}
                  />
                );
              default:
                return (
                  <Input
                    {...ids}
                    type="text"
                    autoComplete="off"
                    spellCheck={false}
                    value={asText(value)}
                    onChange={(event) => onChange(event.target.value)}
                  />
                );
            }
          }}
        </Field>
      );
  }
}
