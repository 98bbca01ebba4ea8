import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  Copy,
  CopyPlus,
  type LucideIcon,
  Network,
  Trash2,
} from "lucide-react";
import { copyText } from "../../canvas/code/copy-text.ts";
import { messageOf } from "../api/request.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import { useDeleteSelected, useDuplicate } from "../editor/selection-commands.ts";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { withKey } from "../keys/shortcuts.ts";
import { Button, IconButton } from "../kit/Button.tsx";
import { classNames } from "../kit/class-names.ts";
import { PanelSection, panelBodyClass } from "../kit/SidePanel.tsx";
import { Muted } from "../kit/text.tsx";
import { showToast } from "../kit/toasts.ts";
import styles from "./SeveralNodes.module.css";

const alignments = [
  ["left", "Align left", AlignStartVertical],
  ["center", "Align centers", AlignCenterVertical],
  ["right", "Align right", AlignEndVertical],
  ["top", "Align top", AlignStartHorizontal],
  ["middle", "Align middles", AlignCenterHorizontal],
  ["bottom", "Align bottom", AlignEndHorizontal],
] as const;

/** What can be done with several nodes at once. */
export function SeveralNodes({ count }: { count: number }) {
  const editor = useEditor();
  const deleteSelected = useDeleteSelected();
  const duplicate = useDuplicate();
  const readOnly = useReadOnly() !== undefined;
  const copy = () =>
    copyText(Promise.resolve(editor.copySelected())).then(
      () => showToast({ text: `${count} nodes copied.` }),
      (error: unknown) => showToast({ text: messageOf(error), tone: "warning" }),
    );
  return (
    <fieldset className={classNames(panelBodyClass, styles.several)} disabled={readOnly}>
      <legend className="totem-sr-only">{`${count} nodes`}</legend>
      <PanelSection aria-label="Arrange">
        <h3>Arrange</h3>
        <div className={styles.row}>
          {alignments.map(([to, words, Icon]) => (
            <IconTool key={to} words={words} Icon={Icon} onClick={() => editor.align(to)} />
          ))}
        </div>
        <div className={styles.row}>
          <IconTool
            words="Distribute across"
            Icon={AlignHorizontalDistributeCenter}
            disabled={count < 3}
            onClick={() => editor.distribute("horizontal")}
          />
          <IconTool
            words="Distribute down"
            Icon={AlignVerticalDistributeCenter}
            disabled={count < 3}
            onClick={() => editor.distribute("vertical")}
          />
          <IconTool
            words="Tidy up the workflow"
            shortcut="tidy"
            Icon={Network}
            onClick={() => void editor.tidy()}
          />
        </div>
      </PanelSection>
      <PanelSection aria-label="These nodes">
        <h3>These nodes</h3>
        <TextTool words="Duplicate" shortcut="duplicate" Icon={CopyPlus} onClick={duplicate} />
        <TextTool words="Copy" shortcut="copy" Icon={Copy} onClick={copy} />
        <TextTool words="Delete" shortcut="delete" Icon={Trash2} onClick={deleteSelected} />
        <Muted>Copies get new ids, and so new identities.</Muted>
      </PanelSection>
    </fieldset>
  );
}

interface ToolProps {
  readonly words: string;
  readonly Icon: LucideIcon;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly onClick: () => unknown;
}

const IconTool = ({ words, Icon, shortcut = "", disabled, onClick }: ToolProps) => (
  <IconButton
    aria-label={words}
    title={withKey(words, shortcut)}
    disabled={disabled}
    onClick={() => void onClick()}
  >
    <Icon size={16} aria-hidden />
  </IconButton>
);

const TextTool = ({ words, Icon, shortcut = "", onClick }: ToolProps) => (
  <Button className={styles.command} title={withKey(words, shortcut)} onClick={() => void onClick()}>
    <Icon size={14} aria-hidden /> {words}
  </Button>
);
