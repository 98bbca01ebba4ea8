import { TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { EnrolmentEntry } from "../../../../plugin/enrolment/enrolment-entry.ts";
import { mostOrigins, originOf } from "../../../../plugin/origin.ts";
import { messageOf } from "../../api/request.ts";
import { importEntries } from "../../api/vault-endpoints.ts";
import { FormFoot } from "../../kit/Dialog.tsx";
import { Help, Input, Problem } from "../../kit/Field.tsx";
import { Callout, Muted } from "../../kit/text.tsx";
import { showToast } from "../../kit/toasts.ts";
import { suggestedOrigin } from "../origins/known-issuers.ts";
import { readOrigins } from "../origins/read-origins.ts";
import { useFreshVault } from "../useEntries.ts";
import styles from "./Enrolment.module.css";
import type { Given } from "./given.ts";

export interface ImportTableProps {
  readonly given: Extract<Given, { kind: "several" }>;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** The addresses that the export has stored with a login. */
const originsOf = ({ login }: EnrolmentEntry): string[] => {
  const found = (login?.uris ?? []).map(originOf).filter((origin) => origin !== undefined);
  return [...new Set(found)].slice(0, mostOrigins);
};

const many = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;

/** What an export holds, and which entries are imported. Nothing is sent before that. */
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
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (chosen.size === 0) return setProblem("Choose at least one.");
    const form = new FormData(event.currentTarget);
    const said = [...chosen].map((index) => ({
      index,
      ...readOrigins(String(form.get(`origins-${index}`) ?? "")),
    }));
    const wrong = said.find((one) => one.problem !== undefined);
    if (wrong) return setProblem(`Where ${entries[wrong.index]?.label} belongs: ${wrong.problem}`);
    setBusy(true);
    try {
      const stored = await importEntries({
        text,
        indexes: [...chosen],
        origins: said.map(({ index, origins }) => ({ index, origins })),
      });
      await freshen();
      showToast({ text: `${many(stored.entries.length, "entry is", "entries are")} in the vault.` });
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void save(event)}>
      {batch && <Callout>{batch.message}</Callout>}
      <div className={styles.table}>
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
              <th scope="col">Where it belongs</th>
              <th scope="col">Code</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an entry is known by its index in the text.
              <tr key={index}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Import ${entry.label}`}
                    checked={chosen.has(index)}
                    onChange={(event) => mark(index, event.target.checked)}
                  />
                </td>
                <td>
                  {entry.issuer ?? "—"}
                  {taken.includes(entry.label) && (
                    <Help as="span">This name is in the vault already: the new entry gets a number.</Help>
                  )}
                  {entry.warnings.map(({ code, message }) => (
                    <span key={code} className={styles.warning}>
                      <TriangleAlert size={12} aria-hidden /> {message}
                    </span>
                  ))}
                </td>
                <td>
                  {entry.account ?? "—"}
                  {entry.login && <Help as="span">With its login.</Help>}
                </td>
                <td>
                  <Input
                    mono
                    className={styles.origins}
                    name={`origins-${index}`}
                    aria-label={`Where ${entry.label} belongs`}
                    defaultValue={originsOf(entry).join(" ")}
                    placeholder="Nowhere"
                    list={suggestedOrigin(entry.issuer) && "totem-known-origins"}
                    autoComplete="off"
                    spellCheck={false}
                  />
                </td>
                <td>
                  <Muted as="span">
                    {entry.algorithm}, {entry.digits}
                    {entry.type === "totp" ? `, ${entry.period} s` : ", counted"}
                  </Muted>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <datalist id="totem-known-origins">
        {[...new Set(entries.map(({ issuer }) => suggestedOrigin(issuer)))].map(
          (origin) => origin !== undefined && <option key={origin} value={origin} />,
        )}
      </datalist>
      <Help>
        The secrets of an entry are sent to the addresses it belongs to only, so that no agent can be talked
        into sending them elsewhere. Empty: nowhere. You can change it later.
      </Help>
      {refused.length > 0 && (
        <details className={styles.more}>
          <summary>{many(refused.length, "entry", "entries")} cannot be imported</summary>
          <ul>
            {refused.map(({ index, message }) => (
              <li key={index}>
                Entry {index + 1}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
      <Problem>{problem}</Problem>
      <FormFoot onClose={onClose} busy={busy}>
        {busy ? "Importing…" : `Import ${chosen.size}`}
      </FormFoot>
    </form>
  );
}
