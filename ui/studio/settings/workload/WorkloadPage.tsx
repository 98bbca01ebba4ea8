import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { TrustedIssuerBody, WorkloadRuleBody } from "../../../../plugin/api/workload.ts";
import { messageOf } from "../../api/request.ts";
import { readWorkloadIdentity, removeIssuer, removeRule } from "../../api/workload-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { CopyField } from "../../kit/CopyField.tsx";
import { ConfirmDialog } from "../../kit/Dialog.tsx";
import { Problem } from "../../kit/Field.tsx";
import { Muted, Tag } from "../../kit/text.tsx";
import { exactTime, relativeTime } from "../../kit/times.ts";
import { useMay } from "../../person/whoami.ts";
import { SettingsList, SettingsRow, SettingsSection } from "../SettingsSection.tsx";
import { IssuerDialog } from "./IssuerDialog.tsx";
import { RuleDialog } from "./RuleDialog.tsx";
import { TryToken } from "./TryToken.tsx";

/** What is being done, in a dialog. */
type Doing =
  | { readonly what: "new issuer" | "new rule" }
  | { readonly what: "change issuer" | "remove issuer"; readonly issuer: TrustedIssuerBody }
  | { readonly what: "change rule" | "remove rule"; readonly rule: WorkloadRuleBody };

/** Programs that prove who they are by a token of their platform: whom Totem trusts, and who gets in as whom. */
export function WorkloadPage() {
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["workload-identity"], queryFn: readWorkloadIdentity });
  const [doing, setDoing] = useState<Doing>();
  const manages = useMay("keys:manage");
  const close = () => setDoing(undefined);
  const refresh = () => queries.invalidateQueries({ queryKey: ["workload-identity"] });
  if (error) return <Problem>{messageOf(error)}</Problem>;
  if (!data) return null;
  const { issuers, rules } = data;
  const nameOf = (id: string) => issuers.find((one) => one.id === id)?.name ?? "";
  return (
    <>
      <SettingsSection
        title="Workload identity"
        text="A program that runs in Kubernetes, GitHub Actions or a cloud needs no key here. It shows the token of its platform, and gets one of Totem that lasts 15 minutes at most."
        actions={
          manages && (
            <Button kind="primary" onClick={() => setDoing({ what: "new issuer" })}>
              <Plus size={14} aria-hidden /> Trust an issuer…
            </Button>
          )
        }
      >
        {issuers.length === 0 ? (
          <Muted>
            No issuer is trusted yet.{" "}
            {manages
              ? "Trust the one that gives your programs their tokens. Then write a rule that says who gets in as whom."
              : "An owner or administrator adds them."}
          </Muted>
        ) : (
          <SettingsList label="Trusted issuers">
            {issuers.map((issuer) => (
              <IssuerRow key={issuer.id} of={issuer} onDo={manages ? setDoing : undefined} />
            ))}
          </SettingsList>
        )}
      </SettingsSection>
      {issuers.length > 0 && (
        <>
          <SettingsSection
            title="Rules"
            text="A token gets in by a rule that fits it. If two fit and name different targets, it does not."
            actions={
              manages && (
                <Button kind="primary" onClick={() => setDoing({ what: "new rule" })}>
                  <Plus size={14} aria-hidden /> New rule…
                </Button>
              )
            }
          >
            {rules.length === 0 ? (
              <Muted>There is no rule yet, so no token gets in.</Muted>
            ) : (
              <SettingsList label="Rules">
                {rules.map((rule) => (
                  <RuleRow
                    key={rule.id}
                    of={rule}
                    issuer={nameOf(rule.issuer_id)}
                    onDo={manages ? setDoing : undefined}
                  />
                ))}
              </SettingsList>
            )}
            <CopyField
              title="Where programs exchange their tokens"
              text={`${data.audience}/api/v1/auth/token`}
              help={
                data.is_default
                  ? "As OAuth clients do it: token exchange, RFC 8693."
                  : `As OAuth clients do it: token exchange, RFC 8693, with workspace_id=${data.workspace_id}.`
              }
            />
          </SettingsSection>
          {manages && <TryToken />}
        </>
      )}
      {doing?.what === "new issuer" && <IssuerDialog onClose={close} />}
      {doing?.what === "change issuer" && <IssuerDialog stored={doing.issuer} onClose={close} />}
      {doing?.what === "remove issuer" && (
        <ConfirmDialog
          title={`Trust “${doing.issuer.name}” no more?`}
          text="Its rules go with it. Programs that came in by it are refused from then on, and what they have open ends. This cannot be undone."
          confirm="Remove"
          run={async () => {
            await removeIssuer(doing.issuer.id);
            await refresh();
          }}
          onClose={close}
        />
      )}
      {doing?.what === "new rule" && <RuleDialog known={data} onClose={close} />}
      {doing?.what === "change rule" && <RuleDialog known={data} stored={doing.rule} onClose={close} />}
      {doing?.what === "remove rule" && (
        <ConfirmDialog
          title={`Remove the rule “${doing.rule.name}”?`}
          text="Programs that came in by it are refused from then on, and what they have open ends. This cannot be undone."
          confirm="Remove"
          run={async () => {
            await removeRule(doing.rule.id);
            await refresh();
          }}
          onClose={close}
        />
      )}
    </>
  );
}

interface RowProps<T> {
  readonly of: T;
  /** Absent for a person who may only look. */
  readonly onDo: ((doing: Doing) => void) | undefined;
}

const keysWords = {
  discovery: "Its keys are read from its own document.",
  address: "Its keys are read from an address of their own.",
  stored: "Its keys were pasted.",
} as const;

const Paused = () => <Tag tone="warning">Paused: who wrote it was removed. Save it to take it over.</Tag>;

const IssuerRow = ({ of: issuer, onDo }: RowProps<TrustedIssuerBody>) => (
  <SettingsRow
    actions={
      onDo && (
        <>
          <Button
            aria-label={`Change the issuer ${issuer.name}`}
            onClick={() => onDo({ what: "change issuer", issuer })}
          >
            Change…
          </Button>
          <Button
            aria-label={`Remove the issuer ${issuer.name}`}
            onClick={() => onDo({ what: "remove issuer", issuer })}
          >
            Remove…
          </Button>
        </>
      )
    }
  >
    <strong>
      <bdi>{issuer.name}</bdi>
    </strong>{" "}
    {issuer.paused && <Paused />}
    <div>{issuer.issuer}</div>
    <Muted as="div" title={exactTime(issuer.created_at)}>
      {keysWords[issuer.keys_from]} Added {relativeTime(issuer.created_at, Date.now())}
      {issuer.created_by === null ? "." : ` by ${issuer.created_by}.`}
    </Muted>
  </SettingsRow>
);

const targetWords = {
  agent_user: "the agent",
  service_key: "the key",
  host: "the installation of the key",
} as const;

interface RuleRowProps extends RowProps<WorkloadRuleBody> {
  readonly issuer: string;
}

function RuleRow({ of: rule, issuer, onDo }: RuleRowProps) {
  const { kind, name, live } = rule.target;
  return (
    <SettingsRow
      actions={
        onDo && (
          <>
            <Button
              aria-label={`Change the rule ${rule.name}`}
              onClick={() => onDo({ what: "change rule", rule })}
            >
              Change…
            </Button>
            <Button
              aria-label={`Remove the rule ${rule.name}`}
              onClick={() => onDo({ what: "remove rule", rule })}
            >
              Remove…
            </Button>
          </>
        )
      }
    >
      <strong>
        <bdi>{rule.name}</bdi>
      </strong>{" "}
      {rule.paused && <Paused />}
      {!live && <Tag tone="danger">Lets nothing in: {targetWords[kind]} is disabled or has ended</Tag>}
      <div>
        A token of <bdi>{issuer}</bdi> acts as {targetWords[kind]} <bdi>{name}</bdi>, if
      </div>
      <div>
        <Tag>aud = {rule.audience}</Tag>
        {rule.conditions.map(({ claim, matches }) => (
          <Tag key={claim}>
            {claim} = {matches}
          </Tag>
        ))}
      </div>
      <Muted as="div" title={rule.last_used_at === null ? undefined : exactTime(rule.last_used_at)}>
        {rule.last_used_at === null
          ? "Never used."
          : `Last used ${relativeTime(rule.last_used_at, Date.now())}.`}
      </Muted>
    </SettingsRow>
  );
}
