import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { listModelKeys } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import type { ConfigControlProps } from "../editor/config-control.ts";
import { Field } from "../kit/Field.tsx";
import { AddKeyDialog } from "./AddKeyDialog.tsx";

/** Names a stored key. The key itself is neither here nor anywhere else in the page. */
export function ModelKeyField({ field, node, value, problem, onChange }: ConfigControlProps) {
  const [adding, setAdding] = useState(false);
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
          <div className="field__row">
            <select
              {...ids}
              className="input"
              value={chosen}
              onChange={(event) => onChange(event.target.value)}
            >
              <option value="">{keys.length === 0 ? "No stored keys" : "Choose a key"}</option>
              {missing && <option value={chosen}>{chosen} (missing)</option>}
              {keys.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
            <button type="button" className="button" onClick={() => setAdding(true)}>
              <Plus size={14} aria-hidden /> Add key
            </button>
          </div>
        )}
      </Field>
      {adding &&
        // Out of the settings: they can be closed to changes while it is open, and it could not be closed then.
        createPortal(
          <AddKeyDialog
            provider={typeof provider === "string" ? provider : ""}
            onAdded={(name) => onChange(name)}
            onClose={() => setAdding(false)}
          />,
          document.querySelector(".app") ?? document.body,
        )}
    </>
  );
}
