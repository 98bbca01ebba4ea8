import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { revokeServiceKey } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { ConfirmDialog } from "../kit/ConfirmDialog.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { type HostKey, hostKeysQuery } from "./host-keys-query.ts";
import { hostInWords } from "./host-kinds.ts";
import { InstanceName } from "./InstanceName.tsx";

/** Every key a builder may have, and which installation it speaks for. */
export function HostKeys() {
  const { data: keys, error } = useQuery(hostKeysQuery);
  const queries = useQueryClient();
  const [revoking, setRevoking] = useState<HostKey>();
  if (error) return <p className="field__problem">{messageOf(error)}</p>;
  if (!keys || keys.length === 0) return null;
  const now = Date.now();
  return (
    <section className="hosts__section" aria-labelledby="host-keys">
      <h3 id="host-keys">Keys of hosts</h3>
      <ul className="hosts__keys">
        {keys.map((key) => (
          <li key={key.id} className="hosts__key" data-key={key.name}>
            <KeyRound className="hosts__icon" size={16} aria-hidden />
            <div className="hosts__what">
              <strong>
                <bdi>{key.name}</bdi>
              </strong>
              <span className="muted">
                {key.host === null || key.host_instance === null ? (
                  "Not used yet: its first call says whose it is."
                ) : (
                  <>
                    Speaks for {hostInWords(key.host)}, <InstanceName instance={key.host_instance} />.
                  </>
                )}
              </span>
              <span className="muted" title={exactTime(key.created_at)}>
                Made {relativeTime(key.created_at, now)}.
              </span>
            </div>
            <button
              type="button"
              className="button"
              aria-label={`Revoke the key ${key.name}`}
              onClick={() => setRevoking(key)}
            >
              Revoke…
            </button>
          </li>
        ))}
      </ul>
      {revoking && (
        <ConfirmDialog
          title={`Revoke the key “${revoking.name}”?`}
          text="Whatever uses it is refused from then on. The identities stay; to connect their host again, make a new key and paste it there. This cannot be undone."
          confirm="Revoke"
          run={async () => {
            await revokeServiceKey(revoking.id);
            await queries.invalidateQueries({ queryKey: ["service-keys"] });
          }}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </section>
  );
}
