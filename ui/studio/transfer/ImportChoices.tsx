import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createWorkflow } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import type { Transfer } from "../editor/edits/transfer.ts";
import { offerUndo } from "../editor/selection-commands.ts";
import { Button } from "../kit/Button.tsx";
import { Choice } from "../kit/Choice.tsx";
import { DialogFoot } from "../kit/Dialog.tsx";
import { Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import { goTo } from "../router.ts";
import styles from "./transfer.module.css";

type Where = "replace" | "add" | "workflow";

export interface ImportChoicesProps {
  readonly transfer: Transfer;
  readonly onDone: () => void;
}

/** Where an import goes, and what becomes of its agents' identities. */
export function ImportChoices({ transfer, onDone }: ImportChoicesProps) {
  const editor = useEditor();
  const queries = useQueryClient();
  const empty = useEditorState((state) => state.history.present.nodes.length === 0);
  const [where, setWhere] = useState<Where>(empty ? "replace" : "add");
  const [identities, setIdentities] = useState<"new" | "keep">("new");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function take(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      if (where === "workflow") {
        const { slug } = await createWorkflow(transfer.name, transfer.graph);
        await queries.invalidateQueries({ queryKey: ["workflows"] });
        goTo(slug);
      } else {
        const refused = editor.importGraph(transfer.graph, { identities, mode: where });
        if (refused !== undefined) {
          setProblem(refused);
          setBusy(false);
          return;
        }
        const replaced = where === "replace" && identities === "new";
        offerUndo(
          editor,
          `“${transfer.name}” is imported.${replaced ? " Accounts of agents that were here are disabled." : ""}`,
        );
      }
      onDone();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <form className={styles.parts} onSubmit={(event) => void take(event)}>
      <Choice<Where>
        title="Where"
        value={where}
        onChange={setWhere}
        choices={[
          ["add", "Add to this canvas"],
          ["replace", "Replace this canvas"],
          ["workflow", "As a new workflow"],
        ]}
      />
      {where === "replace" ? (
        <Choice<"new" | "keep">
          title="Identities"
          value={identities}
          onChange={setIdentities}
          choices={[
            ["new", "Create new identities"],
            ["keep", "Keep node ids: agents that are still here keep their identity"],
          ]}
        />
      ) : (
        <Muted>
          {where === "add"
            ? "Every agent gets an identity of its own: two agents cannot share one."
            : "Its agents get identities that begin with the new workflow’s name."}
        </Muted>
      )}
      <Problem>{problem}</Problem>
      <DialogFoot>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" kind="primary" disabled={busy}>
          Import
        </Button>
      </DialogFoot>
    </form>
  );
}
