import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { lazy, Suspense } from "react";
import { createAgentUser } from "../../../plugin/nodes/create-agent-user.ts";
import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { findAgentUser, setAgentUserEnabled } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { useAskedReaders } from "../identity/StudioIdentities.tsx";
import { Button } from "../kit/Button.tsx";
import { Problem } from "../kit/Field.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Facts, Muted, Tag } from "../kit/text.tsx";
import { showToast } from "../kit/toasts.ts";
import { useMay } from "../person/whoami.ts";
import styles from "./IdentitySection.module.css";

const AskSection = lazy(async () => ({
  default: (await import("../approvals/AskSection.tsx")).AskSection,
}));
const ProxySection = lazy(async () => ({
  default: (await import("../mcp/ProxySection.tsx")).ProxySection,
}));
const McpSection = lazy(async () => ({ default: (await import("../mcp/McpSection.tsx")).McpSection }));

const disabledWords = {
  operator: "Disabled by hand. The audit log says by whom.",
  node_deleted: "Disabled when its node was deleted.",
  workflow_deleted: "Disabled when its workflow was deleted.",
} as const;

const refetchAfterErrorMs = 4_000;

/** Whether the agent has the tool that creates its account. */
const canMakeAccount = ({ nodes, edges }: WorkflowGraph, agentNodeId: string): boolean =>
  edges.some(
    ({ label, source, target }) =>
      label === "tool" &&
      target === agentNodeId &&
      nodes.some(({ id, type }) => id === source && type === createAgentUser.type),
  );

/** Who the agent is: its username, and whether the account behind it exists and works. */
export function IdentitySection({ agentNodeId }: { agentNodeId: string }) {
  const slug = useEditorState((state) => state.slug);
  const canBeMade = useEditorState((state) => canMakeAccount(state.history.present, agentNodeId));
  const username = usernameOf(slug, agentNodeId);
  const queries = useQueryClient();
  const manages = useMay("agent_users:manage");
  const mayConnect = useMay("keys:manage");
  const { ask } = useAskedReaders();
  const { data, error, isPending } = useQuery({
    queryKey: ["agent-user", username],
    queryFn: () => findAgentUser(username),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.status === "error" ? refetchAfterErrorMs : false),
  });
  const enabling = useMutation({
    mutationFn: (enabled: boolean) => setAgentUserEnabled(username, enabled),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["identities", slug] });
      return queries.invalidateQueries({ queryKey: ["agent-user", username] });
    },
    onError: (problem) => showToast({ text: messageOf(problem), tone: "warning" }),
  });
  return (
    <PanelSection aria-labelledby="identity-title">
      <h3 id="identity-title">Identity</h3>
      <p className={styles.name}>
        <code>{username}</code>
      </p>
      {isPending && <Muted>Looking it up…</Muted>}
      {data === null && (
        <Muted>
          {canBeMade
            ? "No account yet. It is created at the first run. “Prove the chain” creates it too; then a host that speaks MCP can be connected."
            : `No account yet. Wire ${createAgentUser.palette.label} to this agent to create one.`}
        </Muted>
      )}
      {error && <Problem>{messageOf(error)}</Problem>}
      {data && (
        <>
          <Button onClick={() => ask(agentNodeId)}>
            <Eye size={14} aria-hidden />
            Who can read this?
          </Button>
          <Facts
            facts={[
              [
                "Account",
                <Tag key="account" tone={data.disabled ? "danger" : "good"}>
                  {data.disabled ? "Disabled" : "Active"}
                </Tag>,
              ],
              ["Second factor", `${data.digits} digits, every ${data.period} s`],
              ["Created", new Date(data.created_at).toLocaleString()],
              ...(data.purpose === "" ? [] : [["Purpose", data.purpose] as const]),
            ]}
          />
          {data.disabled && (
            <Muted>
              {data.disabled_because
                ? disabledWords[data.disabled_because]
                : "Its key and codes are refused."}
            </Muted>
          )}
          {manages && (
            <>
              <Button disabled={enabling.isPending} onClick={() => enabling.mutate(data.disabled)}>
                {data.disabled ? "Enable account" : "Disable account"}
              </Button>
              <Suspense>
                <AskSection asking={{ username }} manages />
              </Suspense>
              <Suspense>
                <ProxySection username={username} disabled={data.disabled} />
              </Suspense>
            </>
          )}
          {mayConnect && (
            <Suspense>
              <McpSection username={username} disabled={data.disabled} />
            </Suspense>
          )}
        </>
      )}
    </PanelSection>
  );
}
