import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, ChevronDown, Download, type LucideIcon, Pencil, Plus, Trash2, Upload } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { deleteWorkflow, listWorkflows, restoreWorkflow } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { openOverlay } from "../editor/overlay.ts";
import { Menu, MenuItem, MenuLink } from "../kit/Menu.tsx";
import { showToast } from "../kit/toasts.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { useStudioPages } from "../person/studio-pages.ts";
import { useMay } from "../person/whoami.ts";
import { goTo, pathOfSlug } from "../router.ts";
import styles from "./WorkflowMenu.module.css";

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
  const mayDraw = useMay("workflows:write");
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
        label={`Workflow: ${name}. ${mayDraw ? "Switch, create, rename or delete" : "Switch or export"}`}
        kind="quiet"
        className={styles.button}
        button={
          <>
            <span className={styles.name}>{name}</span>
            <ChevronDown size={14} aria-hidden />
          </>
        }
      >
        {(close) => {
          const item = (Icon: LucideIcon, words: string, choose: () => void) => (
            <MenuItem
              icon={<Icon size={14} />}
              onClick={() => {
                close();
                choose();
              }}
            >
              {words}
            </MenuItem>
          );
          return (
            <>
              <nav aria-label="Workflows">
                {data?.workflows.map((workflow) => (
                  <MenuLink
                    key={workflow.id}
                    href={pathOfSlug(workflow.slug)}
                    aria-current={workflow.slug === slug ? "page" : undefined}
                    onClick={close}
                    mark={workflow.slug === slug && <Check size={14} aria-hidden />}
                  >
                    {workflow.slug === slug ? name : workflow.name}
                  </MenuLink>
                ))}
              </nav>
              <hr />
              {narrow && <PageMenuItems />}
              {mayDraw && item(Plus, "New workflow…", () => setDialog("new"))}
              {mayDraw && item(Pencil, "Rename…", () => setDialog("rename"))}
              {item(Download, "Export as JSON…", () => openOverlay({ name: "export" }))}
              {mayDraw && !narrow && item(Upload, "Import JSON…", () => openOverlay({ name: "import" }))}
              {mayDraw && item(Trash2, "Delete this workflow", () => void remove())}
            </>
          );
        }}
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
    {useStudioPages().map(([href, name]) => (
      <MenuLink key={href} href={href}>
        {name}
      </MenuLink>
    ))}
    <hr />
  </>
);
