import type { ComponentProps, KeyboardEvent, ReactNode } from "react";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { classNames } from "../kit/class-names.ts";
import styles from "./ListView.module.css";
import { PageNotice } from "./PageFrame.tsx";

/** What a list needs of the query that reads it; pages are for those that have some. */
export interface ListQuery {
  readonly error: Error | null;
  readonly refetch: () => unknown;
  /** What is shown is the answer to the question before. */
  readonly isPlaceholderData?: boolean;
  readonly hasNextPage?: boolean;
  readonly isFetchingNextPage?: boolean;
  readonly fetchNextPage?: () => unknown;
}

export interface ListViewProps {
  readonly query: ListQuery;
  /** Whether anything was read yet. */
  readonly isRead: boolean;
  readonly words: {
    readonly loading: string;
    readonly unreadable: string;
    readonly more?: string;
  };
  /** Above the list, whatever is in it. */
  readonly notices?: ReactNode;
  readonly filters?: ReactNode;
  /** In the place of filters and rows, where there is nothing that could be filtered. */
  readonly empty?: ReactNode;
  /** Below the rows, and below what is said where there are none. */
  readonly after?: ReactNode;
  /** What is open of the list. */
  readonly panel?: ReactNode;
  readonly className?: string;
  /** In a narrow window the page scrolls with its filters, because they leave no room for the list. */
  readonly pageScrolls?: boolean;
  /** For the element that scrolls. */
  readonly frame?: ComponentProps<"div">;
  readonly children: ReactNode;
}

/** The list of a page: its filters, its rows and "more", or that it is empty, loading or gone wrong. */
export function ListView(props: ListViewProps) {
  const { query, words, notices, filters, empty, panel, className, frame, pageScrolls = false } = props;
  return (
    <div
      className={classNames(styles.view, className)}
      data-panel={panel ? "" : undefined}
      data-page-scrolls={pageScrolls ? "" : undefined}
    >
      <div className={styles.list}>
        {notices}
        {empty || (
          <>
            {filters}
            <div {...frame} className={styles.scroll} aria-busy={query.isPlaceholderData ?? false}>
              <Content {...props} />
              {query.hasNextPage && (
                <Button
                  kind="quiet"
                  disabled={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage?.()}
                >
                  {query.isFetchingNextPage ? "Reading more…" : (words.more ?? "Show more")}
                </Button>
              )}
              {props.after}
            </div>
          </>
        )}
      </div>
      {panel}
    </div>
  );
}

function Content({ query, isRead, words, children }: ListViewProps) {
  if (isRead) return children;
  if (!query.error) return <PageNotice busy title={words.loading} />;
  return (
    <PageNotice
      title={words.unreadable}
      text={messageOf(query.error)}
      action={{ label: "Try again", run: () => void query.refetch() }}
    />
  );
}

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Arrow keys go from row to row, also from a link or a button within one. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (!step) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row.closest("li")?.contains(document.activeElement));
  const next = rows[step(at, rows.length)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** The rows of a list. The link that opens one has `data-row`, and `aria-current` while it is open. */
export const Rows = ({ className, ...rest }: ComponentProps<"ul">) => (
  <ul {...rest} className={classNames(styles.rows, className)} onKeyDown={onKeyDown} />
);
