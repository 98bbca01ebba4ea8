import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { ModelKeyBody } from "../../../../plugin/api/keys.ts";
import { modelProviders } from "../../../../plugin/nodes/ai-model.ts";
import { listModelKeyUses, removeModelKey } from "../../api/account-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { ConfirmDialog } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { PageLink } from "../../kit/PageLink.tsx";
import { Muted } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { wordsOfChoice } from "../../panel/config-fields.ts";
import { ModelKeyDialog } from "../../panel/ModelKeyDialog.tsx";
import { pathOfSlug } from "../../router.ts";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";

/** Those that take a key. */
const providers = modelProviders.filter((name) => name !== "scripted");

type Doing =
  | { readonly what: "add"; readonly provider: (typeof providers)[number] }
  | { readonly what: "replace" | "remove"; readonly key: ModelKeyBody };

/** The providers of models, and the keys that are stored for each: sealed, and named on the canvas. */
export function ModelsPage() {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["model-keys", "uses"],
    queryFn: listModelKeyUses,
    staleTime: 0,
  });
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  const keys = data?.model_keys;
  if (error) return <Problem>{messageOf(error)}</Problem>;
  return (
    <>
      {providers.map((provider) => {
        const own = keys?.filter((key) => key.provider === provider) ?? [];
        const name = wordsOfChoice(provider);
        return (
          <SettingsSection
            key={provider}
            title={name}
            actions={
              <Button aria-label={`Add key for ${name}`} onClick={() => setDoing({ what: "add", provider })}>
                <Plus size={14} aria-hidden /> Add key
              </Button>
            }
          >
            {keys && own.length === 0 && (
              <Muted>
                No key is stored. Add one, then choose it in the settings of an AI Model on the canvas.
              </Muted>
            )}
            {own.length > 0 && (
              <SettingsList label={`Keys for ${name}`}>
                {own.map((key) => (
                  <KeyRow key={key.name} of={key} onDo={setDoing} />
                ))}
              </SettingsList>
            )}
          </SettingsSection>
        );
      })}
      {doing?.what === "add" && <ModelKeyDialog provider={doing.provider} onClose={close} />}
      {doing?.what === "replace" && <ModelKeyDialog replaces={doing.key} onClose={close} />}
      {doing?.what === "remove" && (
        <ConfirmDialog
          title={`Remove the key “${doing.key.name}”?`}
          text={removalWords(doing.key)}
          confirm="Remove"
          run={async () => {
            await removeModelKey(doing.key.name);
            await queries.invalidateQueries({ queryKey: ["model-keys"] });
          }}
          onClose={close}
        />
      )}
    </>
  );
}

const removalWords = ({ used_by = [] }: ModelKeyBody): string =>
  `${
    used_by.length === 0
      ? "No workflow names it."
      : `${used_by.length === 1 ? "One workflow names it and fails" : `${used_by.length} workflows name it and fail`} from then on.`
  } The key itself stays valid at its provider. This cannot be undone.`;

function KeyRow({ of: key, onDo }: { readonly of: ModelKeyBody; readonly onDo: (doing: Doing) => void }) {
  const { name, base_url, created_at, created_by, used_by = [] } = key;
  return (
    <SettingsRow
      actions={
        <>
          <Button aria-label={`Replace the key ${name}`} onClick={() => onDo({ what: "replace", key })}>
            Replace…
          </Button>
          <Button aria-label={`Remove the key ${name}`} onClick={() => onDo({ what: "remove", key })}>
            Remove…
          </Button>
        </>
      }
    >
      <strong>
        <bdi>{name}</bdi>
      </strong>
      <Muted as="div" title={exactTime(created_at)}>
        Stored {relativeTime(created_at, Date.now())}
        {created_by !== null && ` by ${created_by}`}. {base_url !== "" && `It is sent to ${base_url} only.`}
      </Muted>
      <Muted as="div">
        {used_by.length === 0 ? (
          "No workflow names it."
        ) : (
          <>
            Used by{" "}
            {used_by.map((workflow, at) => (
              <span key={workflow.slug}>
                {at > 0 && ", "}
                <PageLink href={pathOfSlug(workflow.slug)}>{workflow.name}</PageLink>
              </span>
            ))}
            .
          </>
        )}
      </Muted>
    </SettingsRow>
  );
}
