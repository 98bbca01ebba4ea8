import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import "../styles/hosts.css";
import { listServiceKeys } from "../api/account-endpoints.ts";
import { listHostWorkflows } from "../api/host-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { PageFrame } from "../pages/PageFrame.tsx";
import { PageNotice } from "../pages/PageNotice.tsx";
import { groupByInstance } from "./group-by-instance.ts";
import { HostKeys } from "./HostKeys.tsx";
import { HostSection } from "./HostSection.tsx";
import { askAgainMs } from "./host-keys-query.ts";

const ConnectDialog = lazy(async () => ({ default: (await import("./ConnectDialog.tsx")).ConnectDialog }));

/** What other builders brought: their workflows, the identities of their agents, and their keys. */
export function HostsPage() {
  const [connecting, setConnecting] = useState(false);
  const keys = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys });
  const { data, error, refetch } = useQuery({
    queryKey: ["host-workflows"],
    queryFn: listHostWorkflows,
    refetchInterval: askAgainMs,
  });
  return (
    <PageFrame
      title="Hosts"
      actions={
        data !== undefined &&
        data.length > 0 && (
          <button type="button" className="button button--primary" onClick={() => setConnecting(true)}>
            <Plus size={14} aria-hidden />
            Connect a host
          </button>
        )
      }
    >
      <div className="hosts">
        {error && !data ? (
          <PageNotice
            title="The hosts cannot be read"
            text={messageOf(error)}
            action={{ label: "Try again", run: () => void refetch() }}
          />
        ) : !data ? (
          <PageNotice busy title="Looking for hosts…" />
        ) : data.length === 0 ? (
          <NoHosts onConnect={() => setConnecting(true)} />
        ) : (
          groupByInstance(data).map((group) => (
            <HostSection key={`${group.host} ${group.instance}`} group={group} />
          ))
        )}
        <HostKeys />
      </div>
      {connecting && (
        <Suspense>
          <ConnectDialog
            taken={keys.data?.keys.map(({ name }) => name) ?? []}
            onClose={() => setConnecting(false)}
          />
        </Suspense>
      )}
    </PageFrame>
  );
}

const NoHosts = ({ onConnect }: { onConnect: () => void }) => (
  <PageNotice
    title="No other builder has called yet"
    text="Agents in n8n, Flowise or a program of yours get identities here at their first call. Connecting one makes its key and says where to paste it."
    action={{ label: "Connect a host", run: onConnect }}
  />
);
