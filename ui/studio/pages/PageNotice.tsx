import type { NoticeProps } from "../kit/Notice.tsx";

/** What a page says in the place of its content: loading, or gone wrong. */
export const PageNotice = ({ title, text, busy = false, action }: NoticeProps) => (
  <section className="page__nothing" aria-busy={busy}>
    <div role="status">
      <h3>{title}</h3>
      {text && <p className="muted">{text}</p>}
    </div>
    {action && (
      <button type="button" className="button" onClick={action.run}>
        {action.label}
      </button>
    )}
  </section>
);
