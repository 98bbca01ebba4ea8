import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { messageOf } from "../api/request.ts";
import { IconButton } from "../kit/Button.tsx";
import { PanelBody, PanelHead, SidePanel } from "../kit/SidePanel.tsx";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { goToPath } from "../router.ts";
import { PageNotice } from "./PageFrame.tsx";

export interface DetailPanelProps {
  readonly title: string;
  /** Before the title. */
  readonly mark?: ReactNode;
  readonly closeLabel: string;
  /** The address of the list without anything open. */
  readonly listPath: string;
  readonly loading: string;
  readonly error: Error | null;
  /** Nothing until it is read. */
  readonly children?: ReactNode;
}

/** What is open of a list, at its right. Escape closes it and leads back to its row. */
export function DetailPanel(props: DetailPanelProps) {
  const { title, mark, closeLabel, listPath, loading, error, children } = props;
  const panel = useRef<HTMLElement>(null);
  const narrow = useIsNarrow();
  useEffect(() => {
    // There it covers the list, so the focus cannot stay behind it.
    if (narrow) panel.current?.querySelector<HTMLElement>("button")?.focus();
  }, [narrow]);
  const close = () => {
    const row = document.querySelector<HTMLElement>("[data-row][aria-current]");
    goToPath(listPath);
    row?.focus();
  };
  return (
    <SidePanel
      beside
      ref={panel}
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        if (!(event.target as HTMLElement).closest("dialog")) close();
      }}
    >
      <PanelHead>
        {mark}
        <h2 title={title}>
          <bdi>{title}</bdi>
        </h2>
        <IconButton aria-label={closeLabel} onClick={close}>
          <X size={16} aria-hidden />
        </IconButton>
      </PanelHead>
      <PanelBody>
        {children ??
          (error ? (
            <PageNotice title="There is nothing to show" text={messageOf(error)} />
          ) : (
            <PageNotice busy title={loading} />
          ))}
      </PanelBody>
    </SidePanel>
  );
}
