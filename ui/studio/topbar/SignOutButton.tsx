import { LogOut } from "lucide-react";
import { signOut } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { showToast } from "../kit/toasts.ts";

/** Leaves the studio. What `before` has to finish is finished first. */
export function SignOutButton({ before }: { before?: () => Promise<unknown> }) {
  async function leave() {
    try {
      await before?.();
      await signOut();
      location.assign("/");
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    }
  }
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Sign out"
      title="Sign out"
      onClick={() => void leave()}
    >
      <LogOut size={16} aria-hidden />
    </button>
  );
}
