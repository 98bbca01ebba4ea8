import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { signInWithKey } from "../api/endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import { TotemMark } from "../kit/TotemMark.tsx";
import { setLapsed } from "../session.ts";

/** The way in for someone without a fresh link. `notice` says why the link that was used did not work. */
export function SignInPage({ notice }: { notice: string | undefined }) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const key = new FormData(form).get("key");
    if (typeof key !== "string" || key.trim() === "") return setProblem("Paste an administrator key.");
    setBusy(true);
    setProblem(undefined);
    try {
      await signInWithKey(key.trim());
      form.reset();
      setLapsed(false);
      await queries.invalidateQueries();
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 401;
      setProblem(refused ? "This key is not valid here." : messageOf(error));
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form className="sign-in__card" onSubmit={(event) => void signIn(event)}>
        <TotemMark size={32} />
        <h1>Sign in to Totem</h1>
        {notice && (
          <p className="notice" role="alert">
            {notice}
          </p>
        )}
        <p className="muted">
          Open the link that <code>totem start</code> prints in its terminal. Each link works once. Or sign in
          with the administrator’s key: it is in the file <code>admin.key</code> of the data folder, unless{" "}
          <code>TOTEM_ADMIN_KEY</code> was set.
        </p>
        <label className="field">
          <span className="field__label">Administrator key</span>
          <input
            className="input"
            name="key"
            type="password"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem !== undefined}
            aria-describedby="sign-in-problem"
          />
        </label>
        <p id="sign-in-problem" className="field__problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button button--primary" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
