import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { listWorkflows, readWorkflow } from "./api/endpoints.ts";
import { ApiError, messageOf } from "./api/request.ts";
import { Notice } from "./kit/Notice.tsx";
import { goTo, useSlug, useStudioPage } from "./router.ts";
import { EditorScreen } from "./screen/EditorScreen.tsx";
import { lastOpened } from "./workflows/last-opened.ts";

// Shown before the first workflow exists.
const EmptyStudio = lazy(async () => ({
  default: (await import("./pages/EmptyStudio.tsx")).EmptyStudio,
}));

const pages = {
  vault: lazy(async () => ({ default: (await import("./vault/VaultPage.tsx")).VaultPage })),
  inbox: lazy(async () => ({ default: (await import("./inbox/InboxPage.tsx")).InboxPage })),
  hosts: lazy(async () => ({ default: (await import("./hosts/HostsPage.tsx")).HostsPage })),
  audit: lazy(async () => ({ default: (await import("./audit/AuditPage.tsx")).AuditPage })),
  settings: lazy(async () => ({ default: (await import("./settings/SettingsPage.tsx")).SettingsPage })),
};

/** The signed-in studio: a page, the workflow that the address names, or the last workflow. */
export function Studio() {
  const slug = useSlug();
  const page = useStudioPage();
  const Page = page && pages[page];
  if (Page)
    return (
      <Suspense fallback={<Notice busy title="Opening Totem…" />}>
        <Page />
      </Suspense>
    );
  return slug === undefined ? <WayIn /> : <WorkflowPage key={slug} slug={slug} />;
}

function WayIn() {
  const { data, error, refetch } = useQuery({ queryKey: ["workflows"], queryFn: listWorkflows });
  const workflows = data?.workflows;
  const last = workflows?.find(({ slug }) => slug === lastOpened.read()) ?? workflows?.[0];
  useEffect(() => {
    if (last) goTo(last.slug, { replace: true });
  }, [last]);
  if (error)
    return (
      <Notice
        title="The workflows cannot be read"
        text={messageOf(error)}
        action={{ label: "Try again", run: () => void refetch() }}
      />
    );
  const opening = <Notice busy title="Opening Totem…" />;
  if (workflows?.length !== 0) return opening;
  return (
    <Suspense fallback={opening}>
      <EmptyStudio />
    </Suspense>
  );
}

function WorkflowPage({ slug }: { slug: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["workflow", slug],
    queryFn: () => readWorkflow(slug),
    // The editor owns the open workflow: a second read would overwrite the person's changes.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  });
  if (data) return <EditorScreen workflow={data} />;
  if (error instanceof ApiError && error.status === 404)
    return (
      <Notice
        title="There is no such workflow"
        text="It may have been deleted, or its name was different."
        action={{ label: "Show my workflows", run: () => goTo(undefined) }}
      />
    );
  if (error)
    return (
      <Notice
        title="The workflow cannot be opened"
        text={messageOf(error)}
        action={{ label: "Try again", run: () => void refetch() }}
      />
    );
  return <Notice busy title="Opening the workflow…" />;
}
