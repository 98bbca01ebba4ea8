import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { listServiceKeys } from "../api/account-endpoints.ts";
import { type Installation, listHostInstallations, listHostWorkflows } from "../api/host-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { ListView } from "../pages/ListView.tsx";
import { PageFrame, PageNotice } from "../pages/PageFrame.tsx";
import { useMay } from "../person/whoami.ts";
import { askAgainMs, HostKeys } from "./HostKeys.tsx";
import { HostSection } from "./HostSection.tsx";
import { groupInstallations } from "./host-kinds.ts";

const ConnectDialog = lazy(async () => ({ default: (await import("./ConnectDialog.tsx")).ConnectDialog }));

/** What other builders have here: their workflows, the identities of their agents, and their keys. */
export function HostsPage() {
  const [connecting, setConnecting] = useState<"new" | Installation>();
  const mayConnect = useMay("keys:manage");
  const mayListKeys = useMay("keys:manage", "lists:read");
  const keys = useQuery({ queryKey: ["service-keys"], queryFn: listServiceKeys, enabled: mayConnect });
  const query = useQuery({
    queryKey: ["host-workflows"],
    queryFn: listHostWorkflows,
    refetchInterval: askAgainMs,
  });
  const machines = useQuery({
    queryKey: ["host-installations"],
    queryFn: listHostInstallations,
    refetchInterval: askAgainMs,
    enabled: mayListKeys,
  });
  const workflows = query.data;
  const groups = groupInstallations(workflows ?? [], machines.data ?? []);
  const connect = () => setConnecting("new");
  return (
    <PageFrame
      title="Hosts"
      actions={
        mayConnect &&
        workflows !== undefined &&
        groups.length > 0 && (
          <Button kind="primary" onClick={connect}>
            <Plus size={14} aria-hidden />
            Connect a host
          </Button>
        )
      }
    >
      <ListView
        query={query}
        isRead={workflows !== undefined}
        words={{ loading: "Looking for hosts…", unreadable: "The hosts cannot be read" }}
        after={mayListKeys && <HostKeys />}
      >
        {groups.length === 0 ? (
          <PageNotice
            title="No other builder has called yet"
            text={`Agents in n8n, Flowise or a program of yours get identities here at their first call. ${
              mayConnect
                ? "Connecting one creates its key and says where to paste it."
                : "An owner or administrator connects one."
            }`}
            {...(mayConnect ? { action: { label: "Connect a host", run: connect } } : {})}
          />
        ) : (
          groups.map((group) => (
            <HostSection
              key={`${group.host} ${group.instance}`}
              group={group}
              onAnotherKey={
                mayConnect
                  ? () => setConnecting({ host: group.host, host_instance: group.instance })
                  : undefined
              }
            />
          ))
        )}
      </ListView>
      {connecting && (
        <Suspense>
          <ConnectDialog
            taken={keys.data?.keys.map(({ name }) => name) ?? []}
            installation={connecting === "new" ? undefined : connecting}
            onClose={() => setConnecting(undefined)}
          />
        </Suspense>
      )}
    </PageFrame>
  );
}
