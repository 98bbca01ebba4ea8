import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import type { HostWorkflow } from "../../../plugin/api/host-calls.ts";
import { setAgentUserEnabled } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { PageLink } from "../kit/PageLink.tsx";
import { Muted, Tag } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { pathOfAuditOf } from "../pages/page-paths.ts";
import { useMay } from "../person/whoami.ts";
import styles from "./Hosts.module.css";

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
  const mayManage = useMay("agent_users:manage");
  const mayAudit = useMay("audit:read");
  const isDisabled = state === "disabled";
  const enabling = useMutation({
    mutationFn: () => setAgentUserEnabled(username, isDisabled),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["host-workflows"] }),
    onError: (problem) => showToast({ text: messageOf(problem), tone: "warning" }),
  });
  const [tone, words] = stateWords[state];
  return (
    <li className={styles.identity} data-username={username}>
      <Bot className={styles.icon} size={16} aria-hidden />
      <div className={styles.what}>
        <bdi>{agent_node_name || agent_node_id}</bdi>
        {mayAudit ? (
          <PageLink
            className={styles.username}
            href={pathOfAuditOf(username)}
            title="Who read its codes, and when"
          >
            {username}
          </PageLink>
        ) : (
          <span className={styles.username}>{username}</span>
        )}
      </div>
      <Tag className={styles.state} tone={tone}>
        {words}
      </Tag>
      <Muted
        as="span"
        className={styles.used}
        title={last_used_at === null ? undefined : exactTime(last_used_at)}
      >
        {last_used_at === null ? "Never used" : `Used ${relativeTime(last_used_at, Date.now())}`}
      </Muted>
      {isRemoved || !mayManage ? (
        <span className={styles.action} />
      ) : (
        <Button
          className={styles.action}
          aria-label={`${isDisabled ? "Enable" : "Disable"} ${username}`}
          // Not `disabled`, which would take the focus away.
          aria-disabled={enabling.isPending}
          onClick={() => {
            if (!enabling.isPending) enabling.mutate();
          }}
        >
          {isDisabled ? "Enable" : "Disable"}
        </Button>
      )}
    </li>
  );
}
