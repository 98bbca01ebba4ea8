import { messageOf } from "../api/request.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import { Button } from "../kit/Button.tsx";
import { showToast } from "../kit/toasts.ts";
import { sessionStore } from "../session.ts";
import styles from "./StaleBanner.module.css";

const saying = (work: Promise<unknown>) =>
  void work.catch((error: unknown) => {
    // An ended session says so itself.
    if (!sessionStore.getState().lapsed) showToast({ text: messageOf(error), tone: "warning" });
  });

/** Another person saved first. Both choices are offered, and nothing is lost without a choice. */
export function StaleBanner() {
  const editor = useEditor();
  return (
    <div className={styles.banner} data-part="banner" role="alert">
      <p>
        <strong>This workflow was changed somewhere else.</strong> Your last changes are not saved. Load the
        saved version (Undo brings yours back), or save yours over it.
      </p>
      <Button onClick={() => saying(editor.saving.overwrite())}>Save mine over it</Button>
      <Button kind="primary" onClick={() => saying(editor.loadTheirs())}>
        Load saved version
      </Button>
    </div>
  );
}
