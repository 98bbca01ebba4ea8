import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { listServiceKeys, revokeServiceKey } from "../api/account-endpoints.ts";
import { listHostInstallations } from "../api/host-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { ConfirmDialog } from "../kit/Dialog.tsx";
import { Problem } from "../kit/Field.tsx";
import { Muted, Tag } from "../kit/text.tsx";
import { exactTime, relativeTime } from "../kit/times.ts";
import { useMay } from "../person/whoami.ts";
import { InstanceName } from "./HostSection.tsx";
import styles from "./Hosts.module.css";
import { hostInWords } from "./host-kinds.ts";

type HostKey = Awaited<ReturnType<typeof listServiceKeys>>["keys"][number];

/** Calls come from elsewhere, and the studio is not told of them. */
export const askAgainMs = 5_000;

/** The keys that may call tools for a builder, of all that there are. */
const hostKeysQuery = queryOptions({
  queryKey: ["service-keys"],
  queryFn: listServiceKeys,
  refetchInterval: askAgainMs,
  select: ({ keys }) => keys.filter(({ scopes }) => scopes.includes("hosts:call")),
});

/** Every key a builder may have, and which installation it speaks for. */
export function HostKeys() {
  const { data: keys, error } = useQuery(hostKeysQuery);
  const { data: installations = [] } = useQuery({
    queryKey: ["host-installations"],
    queryFn: listHostInstallations,
    refetchInterval: askAgainMs,
  });
  const isBound = ({ signed, host, host_instance }: HostKey): boolean =>
    signed ||
    installations.some(
      (one) => one.host === host && one.host_instance === host_instance && one.requires_signature,
    );
  const queries = useQueryClient();
  const mayRevoke = useMay("keys:manage");
  const [revoking, setRevoking] = useState<HostKey>();
  if (error) return <Problem>{messageOf(error)}</Problem>;
  if (!keys || keys.length === 0) return null;
  const now = Date.now();
  return (
    <section className={styles.section} aria-labelledby="host-keys">
      <h3 id="host-keys">Keys of hosts</h3>
      <ul className={styles.rows}>
        {keys.map((key) => (
          <li key={key.id} className={styles.key} data-key={key.name}>
            <KeyRound className={styles.icon} size={16} aria-hidden />
            <div className={styles.what}>
              <strong>
                <bdi>{key.name}</bdi> {!isBound(key) && <Tag tone="warning">Not bound to a machine</Tag>}
              </strong>
              <Muted as="span">
                {key.host === null || key.host_instance === null ? (
                  `Not used yet: its first call binds it to an installation${key.signed ? ", and must be signed by a machine that you have confirmed" : ""}.`
                ) : (
                  <>
                    Speaks for {hostInWords(key.host)}, <InstanceName instance={key.host_instance} />.
                  </>
                )}
              </Muted>
              <Muted as="span" title={exactTime(key.created_at)}>
                Created {relativeTime(key.created_at, now)}.
              </Muted>
            </div>
            {mayRevoke && (
              <Button aria-label={`Revoke the key ${key.name}`} onClick={() => setRevoking(key)}>
                Revoke…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {revoking && (
        <ConfirmDialog
          title={`Revoke the key “${revoking.name}”?`}
          text="Every host that uses it is refused from then on. The identities stay; to connect their host again, create a new key and paste it there. This cannot be undone."
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
