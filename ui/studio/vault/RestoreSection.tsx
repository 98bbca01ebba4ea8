import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { readWhoami } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { restoreSecret } from "../api/vault-endpoints.ts";
import { exactTime, relativeTime } from "../kit/times.ts";
import { showToast } from "../kit/toasts.ts";
import { useFreshVault } from "./useEntries.ts";

/** The way back to a replaced seed, for administrators and for as long as it is kept. */
export function RestoreSection({ entry, now }: { entry: VaultEntryBody; now: number }) {
  const { data } = useQuery({
    queryKey: ["whoami"],
    queryFn: readWhoami,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const freshen = useFreshVault();
  const [busy, setBusy] = useState(false);
  const until = entry.restorable_until;
  if (until === null || Date.parse(until) <= now || !data?.scopes.includes("admin")) return null;
  const restore = async () => {
    setBusy(true);
    try {
      await restoreSecret(entry.id);
      await freshen();
      showToast({ text: `“${entry.name}” has its seed of before again.` });
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <p className="entry__restore">
      <span className="muted">
        The seed before this one can be brought back; it is dropped{" "}
        <span title={exactTime(until)}>{relativeTime(until, now)}</span>.
      </span>
      <button type="button" className="button" disabled={busy} onClick={() => void restore()}>
        <Undo2 size={14} aria-hidden />
        Bring it back
      </button>
    </p>
  );
}
