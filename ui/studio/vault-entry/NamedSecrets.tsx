import { useQuery } from "@tanstack/react-query";
import { isToolEdge } from "../../../plugin/tool-edge.ts";
import { messageOf } from "../api/request.ts";
import { listNamedSecrets } from "../api/vault-endpoints.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { useIdentities } from "../identity/useIdentities.ts";
import { Problem } from "../kit/Field.tsx";
import { PanelSection } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import { useMay } from "../person/whoami.ts";
import { vaultKey } from "./known-entries.ts";
import styles from "./NamedSecrets.module.css";
import { accountOf } from "./vault-nodes.ts";

/** Which secrets the agents of this tool can name in a request, so that instructions can say so. */
export function NamedSecrets({ nodeId }: { readonly nodeId: string }) {
  const slug = useEditorState((state) => state.slug);
  const edges = useEditorState((state) => state.history.present.edges);
  const identities = useIdentities();
  const mayList = useMay("agent_users:manage", "lists:read");
  const agents = [
    ...new Set(
      edges.filter((edge) => isToolEdge(edge) && edge.source === nodeId).map(({ target }) => target),
    ),
  ].map((id) => accountOf(id, slug, identities));
  return (
    <PanelSection aria-labelledby="named-secrets-title">
      <h3 id="named-secrets-title">Secrets in requests</h3>
      <Muted>
        The agent writes a name, such as <code>{"{{vault.github.token}}"}</code>. The value is put in when the
        request is sent, only towards the origins of the entry. The model never sees it.
      </Muted>
      {agents.length === 0 && <Muted>Wire it to an agent to see which names that agent can use.</Muted>}
      {mayList
        ? agents.map(({ username, state }) => (
            <NamesOf
              key={username}
              username={username}
              hasAccount={state !== undefined && state !== "none"}
            />
          ))
        : agents.length > 0 && <Muted>The agent’s tool vault_list shows it its own names.</Muted>}
    </PanelSection>
  );
}

interface NamesOfProps {
  readonly username: string;
  readonly hasAccount: boolean;
}

function NamesOf({ username, hasAccount }: NamesOfProps) {
  const { data, error } = useQuery({
    queryKey: [...vaultKey, "named-secrets", username],
    queryFn: () => listNamedSecrets(username),
    enabled: hasAccount,
    staleTime: 2_000,
    refetchOnWindowFocus: true,
  });
  if (!hasAccount)
    return (
      <Muted>
        <code>{username}</code> has no account yet, so no entry is granted to it.
      </Muted>
    );
  if (error) return <Problem>{messageOf(error)}</Problem>;
  if (!data) return null;
  const entries = data.filter(({ named_secrets }) => named_secrets.length > 0);
  if (entries.length === 0)
    return (
      <Muted>
        <code>{username}</code> can name no secret yet. Grant it the data of an entry on the Vault page.
      </Muted>
    );
  return (
    <>
      <Muted>
        <code>{username}</code> can name:
      </Muted>
      <ul className={styles.list} aria-label={`Secrets that ${username} can name`}>
        {entries.map(({ entry, origins, named_secrets }) => (
          <li key={entry}>
            {named_secrets.map((name) => (
              <code key={name}>{name}</code>
            ))}
            <Muted as="div">
              {origins.length === 0
                ? "Sent nowhere yet: add an origin to the entry."
                : `Sent to ${origins.join(", ")}.`}
            </Muted>
          </li>
        ))}
      </ul>
    </>
  );
}
