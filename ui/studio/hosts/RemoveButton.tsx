import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { HostWorkflow } from "../../../plugin/api/host-calls.ts";
import { removeHostWorkflow, restoreHostWorkflow } from "../api/host-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { showToast } from "../kit/toasts.ts";

/**
 * Removes a workflow that its builder no longer has, and brings one back. The accounts are disabled at once: whoever
 * removes a workflow may have a reason not to wait.
 */
export function RemoveButton({ workflow }: { workflow: HostWorkflow }) {
  const { id, workflow_name: name, removed_at } = workflow;
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const change = async (send: (id: string) => Promise<{ changed: number }>) => {
    setBusy(true);
    try {
      return await send(id);
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
      return undefined;
    } finally {
      await queries.invalidateQueries({ queryKey: ["host-workflows"] });
      setBusy(false);
    }
  };
  const restore = async () => {
    const done = await change(restoreHostWorkflow);
    if (done?.changed === 0)
      showToast({ text: `“${name}” is back. Its accounts stay disabled: enable those you want.` });
  };
  const remove = async () => {
    const done = await change(removeHostWorkflow);
    if (done)
      showToast({
        text: `“${name}” is removed. ${accountsInWords(done.changed)}`,
        action: { label: "Undo", run: () => void restore() },
      });
  };
  // The same button either way, so that the focus stays where it was.
  const words = removed_at === null ? "Remove" : "Restore";
  return (
    <button
      type="button"
      className="button"
      aria-label={`${words} ${name}`}
      // Not `disabled`, which would take the focus away.
      aria-disabled={busy}
      onClick={() => {
        if (!busy) void (removed_at === null ? remove() : restore());
      }}
    >
      {words}
    </button>
  );
}

const accountsInWords = (count: number): string =>
  count === 0
    ? "None of its accounts was active."
    : count === 1
      ? "Its account is disabled."
      : `Its ${count} accounts are disabled.`;
