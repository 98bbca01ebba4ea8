import { TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { messageOf } from "../../api/request.ts";
import { importEntries } from "../../api/vault-endpoints.ts";
import { showToast } from "../../kit/toasts.ts";
import { useFreshVault } from "../useEntries.ts";
import type { Given } from "./given.ts";

export interface ImportTableProps {
  readonly given: Extract<Given, { kind: "several" }>;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

const many = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;

/** What an export holds, each with a mark whether it is kept. Nothing was sent so far. */
export function ImportTable({ given: { text, reading }, taken, onClose }: ImportTableProps) {
  const freshen = useFreshVault();
  const { entries, refused, batch } = reading;
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set(entries.keys()));
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const mark = (index: number, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(index);
    else next.delete(index);
    setChosen(next);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (chosen.size === 0) return setProblem("Choose at least one.");
    setBusy(true);
    try {
      const kept = await importEntries(text, [...chosen]);
      await freshen();
      showToast({ text: `${many(kept.entries.length, "entry is", "entries are")} kept.` });
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <form className="enrol__form" onSubmit={(event) => void save(event)}>
      {batch && <p className="notice">{batch.message}</p>}
      <div className="import">
        <table>
          <caption className="totem-sr-only">What was read</caption>
          <thead>
            <tr>
              <th scope="col">
                <input
                  type="checkbox"
                  aria-label="All of them"
                  checked={chosen.size === entries.length}
                  onChange={(event) => setChosen(new Set(event.target.checked ? entries.keys() : []))}
                />
              </th>
              <th scope="col">Service</th>
              <th scope="col">Account</th>
              <th scope="col">Code</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: its place in the text is what it is known by.
              <tr key={index}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Keep ${entry.label}`}
                    checked={chosen.has(index)}
                    onChange={(event) => mark(index, event.target.checked)}
                  />
                </td>
                <td>
                  {entry.issuer ?? "—"}
                  {taken.includes(entry.label) && (
                    <span className="field__help">In the vault already: it gets a number.</span>
                  )}
                  {entry.warnings.map(({ code, message }) => (
                    <span key={code} className="enrol__warning">
                      <TriangleAlert size={12} aria-hidden /> {message}
                    </span>
                  ))}
                </td>
                <td>
                  {entry.account ?? "—"}
                  {entry.login && <span className="field__help">With its login.</span>}
                </td>
                <td className="muted">
                  {entry.algorithm}, {entry.digits}
                  {entry.type === "totp" ? `, ${entry.period} s` : ", counted"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {refused.length > 0 && (
        <details className="enrol__more">
          <summary>{many(refused.length, "entry", "entries")} cannot be kept</summary>
          <ul>
            {refused.map(({ index, message }) => (
              <li key={index}>
                Entry {index + 1}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="field__problem" role="alert">
        {problem}
      </p>
      <div className="dialog__foot">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="button button--primary" disabled={busy}>
          {busy ? "Keeping…" : `Import ${chosen.size}`}
        </button>
      </div>
    </form>
  );
}
