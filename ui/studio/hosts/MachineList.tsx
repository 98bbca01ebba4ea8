import { useQueryClient } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import { useState } from "react";
import type { HostInstallation, HostKeyPair } from "../../../plugin/api/host-calls.ts";
import {
  confirmKeyPair,
  releaseInstallation,
  removeKeyPair,
  requireSignature,
} from "../api/host-endpoints.ts";
import { Button } from "../kit/Button.tsx";
import { ConfirmDialog, type ConfirmDialogProps } from "../kit/Dialog.tsx";
import { Callout, Muted, Tag } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { useMay } from "../person/whoami.ts";
import styles from "./Hosts.module.css";
import { hostInWords, shortInstance } from "./host-kinds.ts";

type Question = Omit<ConfirmDialogProps, "onClose">;

/** The machines that may call for an installation, by their key pairs, and whether a key alone is enough. */
export function MachineList({ installation }: { installation: HostInstallation }) {
  const {
    id,
    host,
    host_instance,
    requires_signature: signs,
    embedded,
    keys,
    key_pairs: pairs,
  } = installation;
  const mayManage = useMay("keys:manage");
  const queries = useQueryClient();
  const [question, setQuestion] = useState<Question>();
  const name = `${hostInWords(host)} · ${shortInstance(host_instance)}`;
  const ask = ({ run, ...words }: Question) =>
    setQuestion({
      ...words,
      run: async () => {
        await run();
        await queries.invalidateQueries({ queryKey: ["host-installations"] });
      },
    });
  const confirmed = pairs.some(({ state }) => state === "confirmed");
  return (
    <div className={styles.machines} data-installation={host_instance}>
      <p className={styles.binding}>
        {signs ? (
          <>
            <Tag tone={confirmed ? "good" : "warning"}>
              {confirmed ? "Bound to its machine" : "No machine"}
            </Tag>
            <Muted as="span">
              {confirmed
                ? "Every call is signed. A copied key is worth nothing elsewhere."
                : "Calls are refused until you confirm a key pair."}
            </Muted>
          </>
        ) : embedded && keys.length === 0 ? (
          <>
            <Tag tone="good">Embedded</Tag>
            <Muted as="span">A program runs Totem in its own process. No key speaks for it.</Muted>
          </>
        ) : (
          <>
            <Tag tone="warning">Not bound to a machine</Tag>
            <Muted as="span">A copied key is enough to call as this host.</Muted>
          </>
        )}
        <span className={styles.gap} />
        {mayManage && signs && (
          <Button
            aria-label={`Call unsigned: ${name}`}
            onClick={() =>
              ask({
                title: `Let ${name} call without a signature?`,
                text: "From then on a copied key is enough to get its agents’ API keys and codes. Do this only for a host that cannot sign any more.",
                confirm: "Let it call unsigned",
                run: () => requireSignature(id, false),
              })
            }
          >
            Call unsigned…
          </Button>
        )}
        {mayManage && keys.length === 0 && (
          <Button
            aria-label={`Give up ${name}`}
            onClick={() =>
              ask({
                title: `Give ${name} up?`,
                text: "The next key that names this installation gets it, with the identities that are left. Its key pairs are removed.",
                confirm: "Give it up",
                run: () => releaseInstallation(id),
              })
            }
          >
            Give up…
          </Button>
        )}
      </p>
      {pairs.length > 0 && (
        <ul className={styles.rows} aria-label={`Key pairs of ${name}`}>
          {pairs.map((pair) => (
            <PairRow key={pair.id} pair={pair} onAsk={mayManage ? ask : undefined} />
          ))}
        </ul>
      )}
      {question && <ConfirmDialog {...question} onClose={() => setQuestion(undefined)} />}
    </div>
  );
}

interface PairRowProps {
  readonly pair: HostKeyPair;
  readonly onAsk: ((question: Question) => void) | undefined;
}

/** One key pair. While it waits, it says how to tell the host's own from a thief's. */
function PairRow({ pair, onAsk }: PairRowProps) {
  const { id, fingerprint, state, enrolled_at, confirmed_by } = pair;
  const isPending = state === "pending";
  const when = <span title={exactTime(enrolled_at)}>{relativeTime(enrolled_at, Date.now())}</span>;
  return (
    <li className={styles.pair} data-fingerprint={fingerprint}>
      <Fingerprint className={styles.icon} size={16} aria-hidden />
      <div className={styles.what}>
        <code className={styles.fingerprint}>{fingerprint}</code>
        <Muted as="span">
          {isPending ? (
            <>Came {when}.</>
          ) : (
            <>
              Confirmed by {confirmed_by}. Came {when}.
            </>
          )}
        </Muted>
        {isPending && (
          <Callout>
            It waits for you. Compare it with the fingerprint that the host shows. If they differ, remove it:
            it is not your host’s. If more come, the key was copied: rotate it without an overlap, and all
            that wait are gone.
          </Callout>
        )}
      </div>
      {onAsk && (
        <span className={styles.actions}>
          {isPending && (
            <Button
              kind="primary"
              aria-label={`Confirm ${fingerprint}`}
              onClick={() =>
                onAsk({
                  title: "Does the host show this fingerprint?",
                  text: `${fingerprint} — from then on every call of the installation must be signed.`,
                  confirm: "It is the same: confirm",
                  run: () => confirmKeyPair(id, fingerprint),
                })
              }
            >
              Confirm…
            </Button>
          )}
          <Button
            aria-label={`Remove ${fingerprint}`}
            onClick={() =>
              onAsk({
                title: "Remove this key pair?",
                text: isPending
                  ? "A host that still has it will send it again."
                  : "Calls that it signs are refused at once. If the host has lost it, it sends a new one, and you confirm that.",
                confirm: "Remove",
                run: () => removeKeyPair(id),
              })
            }
          >
            Remove…
          </Button>
        </span>
      )}
    </li>
  );
}
