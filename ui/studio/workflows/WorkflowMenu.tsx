import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, ChevronDown, Download, Pencil, Plus, Trash2, Upload } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { deleteWorkflow, listWorkflows, restoreWorkflow } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { openOverlay } from "../editor/overlay.ts";
import { Menu } from "../kit/Menu.tsx";
import { PageLink } from "../kit/PageLink.tsx";
import { showToast } from "../kit/toasts.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { goTo, pathOfSlug } from "../router.ts";

const NewWorkflowDialog = lazy(async () => ({
  default: (await import("./NameDialog.tsx")).NewWorkflowDialog,
}));
const NameDialog = lazy(async () => ({ default: (await import("./NameDialog.tsx")).NameDialog }));

/** Which workflow is open, and the way to the others. */
export function WorkflowMenu() {
  const editor = useEditor();
  const name = useEditorState((state) => state.name);
  const slug = useEditorState((state) => state.slug);
  const [dialog, setDialog] = useState<"new" | "rename">();
  const queries = useQueryClient();
  const narrow = useIsNarrow();
  const { data } = useQuery({ queryKey: ["workflows"], queryFn: listWorkflows });

  async function remove() {
    try {
      await editor.saving.flush();
      await deleteWorkflow(slug);
    } catch (error) {
      return showToast({ text: messageOf(error), tone: "warning" });
    }
    await queries.invalidateQueries({ queryKey: ["workflows"] });
    goTo(undefined);
    const restore = async () => {
      try {
        await restoreWorkflow(slug);
        await queries.invalidateQueries({ queryKey: ["workflows"] });
        goTo(slug);
      } catch (error) {
        showToast({ text: messageOf(error), tone: "warning" });
      }
    };
    showToast({
      text: `“${name}” is deleted. Its agents' accounts are disabled.`,
      action: { label: "Undo", run: () => void restore() },
    });
  }

  return (
    <>
      <Menu
        label={`Workflow: ${name}. Switch, create, rename or delete`}
        className="button button--quiet workflow-button"
        button={
          <>
            <span className="workflow-button__name">{name}</span>
            <ChevronDown size={14} aria-hidden />
          </>
        }
      >
        {(close) => (
          <>
            <nav className="menu__list" aria-label="Workflows">
              {data?.workflows.map((workflow) => (
                <PageLink
                  key={workflow.id}
                  className="menu__item"
                  href={pathOfSlug(workflow.slug)}
                  aria-current={workflow.slug === slug ? "page" : undefined}
                  onClick={close}
                >
                  <span className="menu__text">{workflow.slug === slug ? name : workflow.name}</span>
                  {workflow.slug === slug && <Check size={14} aria-hidden />}
                </PageLink>
              ))}
            </nav>
            <hr />
            {narrow && <PageMenuItems />}
            <MenuItem icon={<Plus size={14} />} onClick={() => setDialog("new")} close={close}>
              New workflow…
            </MenuItem>
            <MenuItem icon={<Pencil size={14} />} onClick={() => setDialog("rename")} close={close}>
              Rename…
            </MenuItem>
            <MenuItem
              icon={<Download size={14} />}
              onClick={() => openOverlay({ name: "export" })}
              close={close}
            >
              Export as JSON…
            </MenuItem>
            {!narrow && (
              <MenuItem
                icon={<Upload size={14} />}
                onClick={() => openOverlay({ name: "import" })}
                close={close}
              >
                Import JSON…
              </MenuItem>
            )}
            <MenuItem icon={<Trash2 size={14} />} onClick={() => void remove()} close={close}>
              Delete this workflow
            </MenuItem>
          </>
        )}
      </Menu>
      <Suspense>
        {dialog === "new" && <NewWorkflowDialog onClose={() => setDialog(undefined)} />}
        {dialog === "rename" && (
          <NameDialog
            title="Rename workflow"
            confirm="Rename"
            name={name}
            hint={`Its address and its agents' usernames keep “${slug}”.`}
            onClose={() => setDialog(undefined)}
            onName={async (chosen) => {
              editor.rename(chosen);
              await editor.saving.flush();
              await queries.invalidateQueries({ queryKey: ["workflows"] });
            }}
          />
        )}
      </Suspense>
    </>
  );
}

/** The top bar has no room for them. */
const PageMenuItems = () => (
  <>
    <PageLink className="menu__item" href="/vault">
      Vault
    </PageLink>
    <PageLink className="menu__item" href="/inbox">
      Inbox
    </PageLink>
    <PageLink className="menu__item" href="/hosts">
      Hosts
    </PageLink>
    <PageLink className="menu__item" href="/audit">
      Audit log
    </PageLink>
    <hr />
  </>
);

interface MenuItemProps {
  readonly icon: React.ReactNode;
  readonly children: React.ReactNode;
  readonly onClick: () => void;
  readonly close: () => void;
}

const MenuItem = ({ icon, children, onClick, close }: MenuItemProps) => (
  <button
    type="button"
    className="menu__item"
    onClick={() => {
      close();
      onClick();
    }}
  >
    <span className="menu__icon" aria-hidden="true">
      {icon}
    </span>
    <span className="menu__text">{children}</span>
  </button>
);
