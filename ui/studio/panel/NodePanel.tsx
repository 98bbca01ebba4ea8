import { Trash2, X } from "lucide-react";
import { lazy, Suspense } from "react";
import { findContract } from "../../../plugin/catalogue.ts";
import { httpRequest } from "../../../plugin/nodes/http-request.ts";
import { isScripted } from "../../../plugin/scripted-model.ts";
import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowEdge, WorkflowNode } from "../../../plugin/workflow.ts";
import { scriptedNotice } from "../../canvas/card-text.ts";
import { canAnswer, WaitNote } from "../../canvas/WaitRow.tsx";
import { NodeIconMark } from "../../node-icons.tsx";
import { useEditor, useEditorState, useProblems, useRunView, useWarnings } from "../editor/EditorContext.tsx";
import { labelOf } from "../editor/graph-edits.ts";
import { useDeleteSelected } from "../editor/selection-commands.ts";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { AnswerWaitButton } from "../fix/FixLine.tsx";
import { Button, IconButton } from "../kit/Button.tsx";
import { Field, Input } from "../kit/Field.tsx";
import { PanelHead as KitPanelHead, PanelBody, PanelSection, SidePanel } from "../kit/SidePanel.tsx";
import { Callout, Facts, Muted } from "../kit/text.tsx";
import { useMay } from "../person/whoami.ts";
import { ProofSection } from "../proof/ProofSection.tsx";
import { ConfigForm } from "./ConfigForm.tsx";
import { LastRunSection } from "./ExchangeList.tsx";
import { IdentitySection } from "./IdentitySection.tsx";
import styles from "./NodePanel.module.css";
import { SeveralNodes } from "./SeveralNodes.tsx";

// Asks the vault.
const NamedSecrets = lazy(async () => ({
  default: (await import("../vault-entry/NamedSecrets.tsx")).NamedSecrets,
}));

/** The panel for the selection: one node's settings and run, one edge, or commands for several nodes. */
export function NodePanel() {
  const nodes = useEditorState((state) => state.nodes);
  const edges = useEditorState((state) => state.edges);
  const graph = useEditorState((state) => state.history.present);
  const chosen = nodes.filter((node) => node.selected).map((node) => node.id);
  const chosenEdges = edges.filter((edge) => edge.selected);
  const node = chosen.length === 1 ? graph.nodes.find(({ id }) => id === chosen[0]) : undefined;
  if (node) return <OneNode key={node.id} node={node} />;
  const alone = chosen.length === 0 && chosenEdges.length === 1 ? chosenEdges[0]?.id : undefined;
  const edge = graph.edges.find(({ id }) => id === alone);
  return (
    <SidePanel aria-label="Settings">
      <PanelHead title={edge ? edgeTitle(edge) : `${chosen.length + chosenEdges.length} parts selected`} />
      {edge && <OneEdge edge={edge} />}
      {chosen.length > 1 && <SeveralNodes count={chosen.length} />}
    </SidePanel>
  );
}

function OneNode({ node }: { node: WorkflowNode }) {
  const editor = useEditor();
  const readOnly = useReadOnly();
  const mayRun = useMay("runs:write");
  // A problem with a setting is written below that setting.
  const problems = [...useProblems(), ...useWarnings()].filter(
    ({ node_id, code }) => node_id === node.id && code !== "CONFIG_INVALID",
  );
  const contract = findContract(node.type);
  return (
    <SidePanel aria-label="Settings">
      <PanelHead
        title={labelOf(node)}
        kind={contract?.kind}
        icon={contract && <NodeIconMark icon={contract.palette.icon} />}
      />
      <PanelBody>
        {contract && <Muted>{contract.palette.description}</Muted>}
        {contract?.kind === "model" && isScripted(node.data.config) && <Callout>{scriptedNotice}.</Callout>}
        {problems.length > 0 && (
          <ul className={styles.problems} aria-label="Problems of this node">
            {problems.map(({ code, message }) => (
              <li key={`${code} ${message}`}>{message}</li>
            ))}
          </ul>
        )}
        <PanelSection aria-labelledby="settings-title">
          <h3 id="settings-title">Settings</h3>
          {readOnly && <Callout>{readOnly}</Callout>}
          <fieldset className={styles.settings} disabled={readOnly !== undefined}>
            <Field title="Name on the canvas" description={node.id}>
              {(ids) => (
                <Input
                  {...ids}
                  maxLength={200}
                  autoComplete="off"
                  placeholder={contract?.palette.label}
                  value={node.data.label ?? ""}
                  onChange={(event) => editor.setLabel(node.id, event.target.value)}
                />
              )}
            </Field>
            {contract && <ConfigForm node={node} contract={contract} />}
          </fieldset>
        </PanelSection>
        {contract?.kind === "agent" && <IdentitySection agentNodeId={node.id} />}
        {contract?.kind === "agent" && mayRun && <ProofSection agentNodeId={node.id} />}
        {node.type === httpRequest.type && (
          <Suspense>
            <NamedSecrets nodeId={node.id} />
          </Suspense>
        )}
        <WaitSection nodeId={node.id} />
        <LastRunSection nodeId={node.id} />
      </PanelBody>
    </SidePanel>
  );
}

interface PanelHeadProps {
  readonly title: string;
  readonly kind?: string | undefined;
  readonly icon?: React.ReactNode;
}

function PanelHead({ title, kind, icon }: PanelHeadProps) {
  const editor = useEditor();
  const deleteSelected = useDeleteSelected();
  const readOnly = useReadOnly() !== undefined;
  return (
    <KitPanelHead data-kind={kind}>
      {icon && <span className="totem-card__icon">{icon}</span>}
      <h2 title={title}>{title}</h2>
      {!readOnly && (
        <IconButton aria-label="Delete" title="Delete (Del)" onClick={deleteSelected}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      )}
      <IconButton aria-label="Close settings" title="Close (Esc)" onClick={() => editor.select(undefined)}>
        <X size={16} aria-hidden />
      </IconButton>
    </KitPanelHead>
  );
}

/** What this node waits for now, and a button to answer, if a person can. */
export function WaitSection({ nodeId }: { nodeId: string }) {
  const wait = useRunView()?.waits.get(nodeId);
  if (wait?.waitId === undefined) return null;
  return (
    <PanelSection aria-label="Waiting now">
      <p className="totem-wait">
        <WaitNote wait={wait} />
      </p>
      {canAnswer(wait) && <AnswerWaitButton nodeId={nodeId} wait={wait} />}
    </PanelSection>
  );
}

const edgeWords = {
  tool: ["Tool edge", "The agent may use this tool, and the tool acts under the agent’s name."],
  llm: ["Model edge", "The agent uses this model."],
  "": ["Flow edge", "The output of the first node is the input of the second."],
} as const;

const edgeTitle = (edge: WorkflowEdge): string => edgeWords[edge.label][0];

/** What an edge means, and links to the two nodes that it connects. */
function OneEdge({ edge }: { edge: WorkflowEdge }) {
  const slug = useEditorState((state) => state.slug);
  const nodes = useEditorState((state) => state.history.present.nodes);
  return (
    <PanelBody>
      <Muted>{edgeWords[edge.label][1]}</Muted>
      <PanelSection aria-label="What it connects">
        <Facts
          facts={[
            ["From", <NodeLink key="from" node={nodes.find(({ id }) => id === edge.source)} />],
            ["To", <NodeLink key="to" node={nodes.find(({ id }) => id === edge.target)} />],
            ...(edge.label === "tool"
              ? [["Acts as", <code key="as">{usernameOf(slug, edge.target)}</code>] as const]
              : []),
          ]}
        />
      </PanelSection>
    </PanelBody>
  );
}

function NodeLink({ node }: { node: WorkflowNode | undefined }) {
  const editor = useEditor();
  if (!node) return null;
  return (
    <Button className={styles.link} kind="link" onClick={() => editor.select(node.id)}>
      {labelOf(node)}
    </Button>
  );
}
