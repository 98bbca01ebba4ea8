import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import type { HostWorkflow } from "../../../plugin/api/host-calls.ts";
import { setAgentUserEnabled } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";

type HostIdentity = HostWorkflow["identities"][number];

const stateWords = {
  active: ["good", "Active"],
  disabled: ["danger", "Disabled"],
  locked: ["danger", "Locked"],
} as const;

export interface IdentityRowProps {
  readonly identity: HostIdentity;
  /** Then its account comes back with the workflow, not alone. */
  readonly isRemoved: boolean;
}

/** One agent of a builder: its name there, its username here, and whether the account works. */
export function IdentityRow({ identity, isRemoved }: IdentityRowProps) {
  const { agent_node_id, agent_node_name, username, state, last_used_at } = identity;
  const queries = useQueryClient();
  const isDisabled = state === "disabled";
  const enabling = useMutation({
    mutationFn: () => setAgentUserEnabled(username, isDisabled),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["host-workflows"] }),
    onError: (problem) => showToast({ text: messageOf(problem), tone: "warning" }),
  });
  const [tone, words] = stateWords[state];
  return (
    <li className="hosts__identity" data-username={username}>
      <Bot className="hosts__icon" size={16} aria-hidden />
      <div className="hosts__what">
        <bdi>{agent_node_name || agent_node_id}</bdi>
        <PageLink
          className="hosts__username"
          href={`/audit?subject=${encodeURIComponent(username)}`}
          title="Who read its codes, and when"
        >
          {username}
        </PageLink>
      </div>
      <span className="tag hosts__state" data-tone={tone}>
        {words}
      </span>
      <span className="muted hosts__used" title={last_used_at === null ? undefined : exactTime(last_used_at)}>
        {last_used_at === null ? "Never used" : `Used ${relativeTime(last_used_at, Date.now())}`}
      </span>
      {isRemoved ? (
        <span className="hosts__deed" />
      ) : (
        <button
          type="button"
          className="button hosts__deed"
          aria-label={`${isDisabled ? "Enable" : "Disable"} ${username}`}
          // Not `disabled`, which would take the focus away.
          aria-disabled={enabling.isPending}
          onClick={() => {
            if (!enabling.isPending) enabling.mutate();
          }}
        >
          {isDisabled ? "Enable" : "Disable"}
        </button>
      )}
    </li>
  );
}
