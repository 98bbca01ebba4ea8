import type { AuditEventBody } from "../../../plugin/api/audit-events.ts";
import { PageLink } from "../kit/PageLink.tsx";
import { Tag } from "../kit/text.tsx";
import { exactTime } from "../kit/times.ts";
import { pathOfEntry, pathOfMessage } from "../pages/page-paths.ts";
import { pathOfRun, pathOfSlug } from "../router.ts";
import styles from "./AuditTable.module.css";
import type { Names } from "./audit-queries.ts";
import { actorWords, wordsOfAction, wordsOfReason } from "./audit-words.ts";

export interface AuditTableProps {
  readonly events: readonly AuditEventBody[];
  readonly names: Names;
}

/** Who did what, when, for which run and node. On a narrow screen each event is a card of its own. */
export const AuditTable = ({ events, names }: AuditTableProps) => (
  <table className={styles.table}>
    <caption className="totem-sr-only">Events, newest first</caption>
    <thead>
      <tr>
        {["When", "Who", "What", "On what", "Run and node"].map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {events.map((event) => (
        <tr key={event.id} data-event={event.id}>
          <td className={styles.when}>
            {exactTime(event.at)}
            <span className={styles.note}>
              {event.sequence === null ? "not sealed yet" : `row ${event.sequence}`}
            </span>
          </td>
          <td>
            {actorWords(event)}
            {event.on_behalf_of && <span className={styles.note}>for {event.on_behalf_of}</span>}
            {event.ip && <span className={styles.note}>from {event.ip}</span>}
          </td>
          <td>
            <span title={event.action}>{wordsOfAction(event.action)}</span>
            {event.result === "refused" && (
              <span className={styles.note}>
                <Tag tone="danger">Refused</Tag> {wordsOfReason(event)}
              </span>
            )}
            {event.action === "vault.origins_changed" && event.reason && (
              <span className={styles.note}>{event.reason}</span>
            )}
          </td>
          <td>
            <Subject event={event} names={names} />
          </td>
          <td>
            <RunAndNode event={event} names={names} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

interface PartProps {
  readonly event: AuditEventBody;
  readonly names: Names;
}

function Subject({ event: { subject, subject_kind, subject_name }, names }: PartProps) {
  if (!subject) return null;
  if (subject_name !== null) return <span title={subject}>{subject_name}</span>;
  const entry = subject_kind === "vault_entry" ? names.entries.get(subject) : undefined;
  if (entry !== undefined) return <PageLink href={pathOfEntry(subject)}>{entry}</PageLink>;
  const workflow = subject_kind === "workflow" ? names.slugs.get(subject) : undefined;
  if (workflow) return <PageLink href={pathOfSlug(workflow.slug)}>{workflow.name}</PageLink>;
  if (subject_kind === "inbox_message")
    return <PageLink href={pathOfMessage(subject)}>Message {shortId(subject)}</PageLink>;
  return (
    <>
      {shortId(subject)}
      {subject_kind && <span className={styles.note}>{subject_kind.replaceAll("_", " ")}</span>}
    </>
  );
}

/** A run leads to looking back at it, where its workflow is still there. */
function RunAndNode({ event: { run_id, node_id, workflow_id }, names }: PartProps) {
  const workflow = workflow_id === null ? undefined : names.workflows.get(workflow_id);
  return (
    <>
      {run_id !== null &&
        (workflow ? (
          <PageLink href={pathOfRun(workflow.slug, run_id)}>Run {shortId(run_id)}</PageLink>
        ) : (
          <>Run {shortId(run_id)}</>
        ))}
      {node_id !== null && <span className={styles.note}>{node_id}</span>}
      {workflow && <span className={styles.note}>{workflow.name}</span>}
    </>
  );
}

/** Enough of an id to tell it from its neighbours; all of it when one points at it. */
const shortId = (id: string) =>
  /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? <span title={id}>{id.slice(0, 8)}</span> : id;
