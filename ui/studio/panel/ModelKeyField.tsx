import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { listModelKeys } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import type { ConfigControlProps } from "../editor/config-control.ts";
import { Button } from "../kit/Button.tsx";
import { Field, Select } from "../kit/Field.tsx";
import { useMay } from "../person/whoami.ts";
import { ModelKeyDialog } from "./ModelKeyDialog.tsx";
import styles from "./ModelKeyField.module.css";

/** Chooses a stored key by its name. The key itself is nowhere in the page. */
export function ModelKeyField({ field, node, value, problem, onChange }: ConfigControlProps) {
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay("settings:manage");
  const { data, error } = useQuery({ queryKey: ["model-keys"], queryFn: listModelKeys });
  const { provider } = node.data.config;
  const keys = data?.model_keys.filter((key) => key.provider === provider) ?? [];
  const chosen = typeof value === "string" ? value : "";
  const missing = chosen !== "" && data !== undefined && !keys.some(({ name }) => name === chosen);
  const trouble = error
    ? messageOf(error)
    : missing
      ? `There is no key “${chosen}” for this provider.`
      : problem;
  return (
    <>
      <Field title={field.title} description={field.description} problem={trouble}>
        {(ids) => (
          <div className={styles.row}>
            <Select {...ids} value={chosen} onChange={(event) => onChange(event.target.value)}>
              <option value="">{keys.length === 0 ? "No stored keys" : "Choose a key"}</option>
              {missing && <option value={chosen}>{chosen} (missing)</option>}
              {keys.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
            {mayAdd && (
              <Button onClick={() => setAdding(true)}>
                <Plus size={14} aria-hidden /> Add key
              </Button>
            )}
          </div>
        )}
      </Field>
      {adding &&
        // Outside of the settings: they may be disabled while it is open, and then it could not be closed.
        createPortal(
          <ModelKeyDialog
            provider={typeof provider === "string" ? provider : ""}
            onAdded={(name) => onChange(name)}
            onClose={() => setAdding(false)}
          />,
          document.querySelector('[data-part="app"]') ?? document.body,
        )}
    </>
  );
}
