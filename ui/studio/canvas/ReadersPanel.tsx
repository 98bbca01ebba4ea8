import { lazy, Suspense } from "react";
import { usernameOf } from "../../../plugin/username.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { litBy, readerName, readerOnCanvas } from "../identity/card-identities.ts";
import { ReadersFrame } from "../identity/ReadersFrame.tsx";
import { useAskedReaders } from "../identity/StudioIdentities.tsx";
import { useIdentities } from "../identity/useIdentities.ts";
import { givesVaultCodes } from "../vault-entry/vault-nodes.ts";

const VaultReaders = lazy(async () => ({
  default: (await import("../vault-entry/VaultReaders.tsx")).VaultReaders,
}));

/** Everyone who can read the codes that the person asks about. The canvas dims the other parts. */
export function ReadersPanel() {
  const { nodeId } = useAskedReaders();
  const node = useEditorState((state) => state.history.present.nodes.find(({ id }) => id === nodeId));
  if (!node) return null;
  if (!givesVaultCodes(node)) return <IdentityReaders agentNodeId={node.id} />;
  return (
    <Suspense>
      <VaultReaders node={node} />
    </Suspense>
  );
}

/** Everyone who can read an identity's codes, and why, as the server says. */
function IdentityReaders({ agentNodeId }: { agentNodeId: string }) {
  const slug = useEditorState((state) => state.slug);
  const graph = useEditorState((state) => state.history.present);
  const identity = useIdentities()?.identities.find(({ agent_node_id }) => agent_node_id === agentNodeId);
  const readers = identity?.readers ?? [];
  return (
    <ReadersFrame
      name={usernameOf(slug, agentNodeId)}
      agentNodeId={agentNodeId}
      said={
        readers.length === 0
          ? "No agent, key or person can read codes of this identity now."
          : `${readers.length} can read its codes now. The rest of the canvas is dimmed.`
      }
      readers={readers.map((reader) => ({
        key: reader.name,
        name: readerName(reader),
        because: reader.because,
        agentNodeId: readerOnCanvas(reader, slug),
      }))}
      lit={identity && litBy(graph, slug, identity)}
    />
  );
}
