import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { HostWorkflow } from "../../../plugin/api/host-calls.ts";
import { removeHostWorkflow, restoreHostWorkflow } from "../api/host-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Muted, Tag } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { useMay } from "../person/whoami.ts";
import styles from "./Hosts.module.css";
import { hostInWords, type InstanceOfHost, shortInstance } from "./host-kinds.ts";
import { IdentityRow } from "./IdentityRow.tsx";
import { MachineList } from "./MachineList.tsx";

export interface HostSectionProps {
  readonly group: InstanceOfHost;
  /** Absent where the user may not make keys. */
  readonly onAnotherKey?: (() => void) | undefined;
}

/** One installation of a builder, with its workflows. */
export function HostSection({ group, onAnotherKey }: HostSectionProps) {
  const { host, instance, workflows, installation } = group;
  const titleId = useId();
  return (
    <section className={styles.section} aria-labelledby={titleId} data-host={host}>
      <header className={styles.head}>
        <h3 id={titleId}>
          {hostInWords(host)}{" "}
          <span className={styles.instance}>
            <InstanceName instance={instance} />
          </span>
        </h3>
        <span className={styles.gap} />
        {onAnotherKey && (
          <Button
            aria-label={`Another key for ${hostInWords(host)} · ${shortInstance(instance)}`}
            onClick={onAnotherKey}
          >
            Another key…
          </Button>
        )}
      </header>
      {installation && <MachineList installation={installation} />}
      {workflows.length === 0 && <Muted>It has no identities yet.</Muted>}
      {workflows.map((workflow) => (
        <WorkflowCard key={workflow.id} workflow={workflow} />
      ))}
    </section>
  );
}

function WorkflowCard({ workflow }: { workflow: HostWorkflow }) {
  const { workflow_name: name, slug, removed_at, identities } = workflow;
  const mayManage = useMay("agent_users:manage");
  const titleId = useId();
  return (
    <article className={styles.workflow} aria-labelledby={titleId} data-workflow={slug}>
      <header className={styles.head}>
        <h4 id={titleId} className={styles.name}>
          <bdi>{name}</bdi>
        </h4>
        <code className={styles.slug}>{slug}</code>
        {removed_at !== null && <Tag title={exactTime(removed_at)}>Removed</Tag>}
        <span className={styles.gap} />
        {mayManage && <RemoveButton workflow={workflow} />}
      </header>
      <ul className={styles.rows} aria-label={`Identities of ${name}`}>
        {identities.map((identity) => (
          <IdentityRow key={identity.agent_node_id} identity={identity} isRemoved={removed_at !== null} />
        ))}
      </ul>
    </article>
  );
}

/** All of a long name is a pointer away. */
export const InstanceName = ({ instance }: { instance: string }) =>
  shortInstance(instance) === instance ? (
    <bdi>{instance}</bdi>
  ) : (
    <span title={instance}>{shortInstance(instance)}</span>
  );

/**
 * Removes a workflow that its builder no longer has, and restores one. The accounts are disabled at once: there
 * may be a reason not to wait.
 */
function RemoveButton({ workflow }: { workflow: HostWorkflow }) {
  const { id, workflow_name: name, removed_at } = workflow;
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const change = async (send: (id: string) => Promise<{ changed: number }>) => {
    setBusy(true);
    try {
      return await send(id);
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
      return undefined;
    } finally {
      await queries.invalidateQueries({ queryKey: ["host-workflows"] });
      setBusy(false);
    }
  };
  const restore = async () => {
    const done = await change(restoreHostWorkflow);
    if (done?.changed === 0)
      showToast({ text: `“${name}” is back. Its accounts stay disabled: enable those you want.` });
  };
  const remove = async () => {
    const done = await change(removeHostWorkflow);
    if (done)
      showToast({
        text: `“${name}” is removed. ${accountsInWords(done.changed)}`,
        action: { label: "Undo", run: () => void restore() },
      });
  };
  // The same button either way, so that the focus stays where it was.
  const words = removed_at === null ? "Remove" : "Restore";
  return (
    <Button
      aria-label={`${words} ${name}`}
      // Not `disabled`, which would take the focus away.
      aria-disabled={busy}
      onClick={() => {
        if (!busy) void (removed_at === null ? remove() : restore());
      }}
    >
      {words}
    </Button>
  );
}

const accountsInWords = (count: number): string =>
  count === 0
    ? "None of its accounts was active."
    : count === 1
      ? "Its account is disabled."
      : `Its ${count} accounts are disabled.`;
