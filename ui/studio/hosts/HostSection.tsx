import { useId } from "react";
import type { HostWorkflow } from "../../../plugin/api/host-calls.ts";
import { exactTime } from "../kit/times.ts";
import type { InstanceOfHost } from "./group-by-instance.ts";
import { hostInWords } from "./host-kinds.ts";
import { IdentityRow } from "./IdentityRow.tsx";
import { InstanceName } from "./InstanceName.tsx";
import { RemoveButton } from "./RemoveButton.tsx";

/** One installation of a builder, with its workflows. */
export function HostSection({ group: { host, instance, workflows } }: { group: InstanceOfHost }) {
  const titleId = useId();
  return (
    <section className="hosts__section" aria-labelledby={titleId} data-host={host}>
      <h3 id={titleId}>
        {hostInWords(host)}{" "}
        <span className="hosts__instance">
          <InstanceName instance={instance} />
        </span>
      </h3>
      {workflows.map((workflow) => (
        <WorkflowCard key={workflow.id} workflow={workflow} />
      ))}
    </section>
  );
}

function WorkflowCard({ workflow }: { workflow: HostWorkflow }) {
  const { workflow_name: name, slug, removed_at, identities } = workflow;
  const titleId = useId();
  return (
    <article className="hosts__workflow" aria-labelledby={titleId} data-workflow={slug}>
      <header className="hosts__head">
        <h4 id={titleId} className="hosts__name">
          <bdi>{name}</bdi>
        </h4>
        <code className="muted">{slug}</code>
        {removed_at !== null && (
          <span className="tag" title={exactTime(removed_at)}>
            Removed
          </span>
        )}
        <span className="hosts__gap" />
        <RemoveButton workflow={workflow} />
      </header>
      <ul className="hosts__identities" aria-label={`Identities of ${name}`}>
        {identities.map((identity) => (
          <IdentityRow key={identity.agent_node_id} identity={identity} isRemoved={removed_at !== null} />
        ))}
      </ul>
    </article>
  );
}
