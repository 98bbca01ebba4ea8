export interface NoticeProps {
  readonly title: string;
  readonly text?: string;
  readonly busy?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** A whole page with one thing to say: loading, empty, gone wrong. */
export const Notice = ({ title, text, busy = false, action }: NoticeProps) => (
  <main className="page-notice" aria-busy={busy}>
    <div role="status">
      <h1>{title}</h1>
      {text && <p className="muted">{text}</p>}
    </div>
    {action && (
      <button type="button" className="button button--primary" onClick={action.run}>
        {action.label}
      </button>
    )}
  </main>
);
