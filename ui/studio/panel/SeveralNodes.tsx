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
import { withKey } from "../keys/shortcuts.ts";
import { showToast } from "../kit/toasts.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";

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
  const readOnly = useIsNarrow();
  const copy = () =>
    copyText(Promise.resolve(editor.copySelected())).then(
      () => showToast({ text: `${count} nodes copied.` }),
      (error: unknown) => showToast({ text: messageOf(error), tone: "warning" }),
    );
  return (
    <fieldset className="panel__body several" disabled={readOnly}>
      <legend className="totem-sr-only">{`${count} nodes`}</legend>
      <section className="panel__section" aria-label="Arrange">
        <h3>Arrange</h3>
        <div className="several__row">
          {alignments.map(([to, words, Icon]) => (
            <IconTool key={to} words={words} Icon={Icon} onClick={() => editor.align(to)} />
          ))}
        </div>
        <div className="several__row">
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
      </section>
      <section className="panel__section" aria-label="These nodes">
        <h3>These nodes</h3>
        <TextTool words="Duplicate" shortcut="duplicate" Icon={CopyPlus} onClick={duplicate} />
        <TextTool words="Copy" shortcut="copy" Icon={Copy} onClick={copy} />
        <TextTool words="Delete" shortcut="delete" Icon={Trash2} onClick={deleteSelected} />
        <p className="muted">Copies get ids of their own, and so identities of their own.</p>
      </section>
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
  <button
    type="button"
    className="icon-button"
    aria-label={words}
    title={withKey(words, shortcut)}
    disabled={disabled}
    onClick={() => void onClick()}
  >
    <Icon size={16} aria-hidden />
  </button>
);

const TextTool = ({ words, Icon, shortcut = "", onClick }: ToolProps) => (
  <button type="button" className="button" title={withKey(words, shortcut)} onClick={() => void onClick()}>
    <Icon size={14} aria-hidden /> {words}
  </button>
);
