import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { signInWithKey } from "../api/endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import { Button } from "../kit/Button.tsx";
import { Input, Labelled, Problem } from "../kit/Field.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { setLapsed } from "../session.ts";
import styles from "./SignInPage.module.css";

/** The way in for a person without a fresh link. `notice` says why the link that was used did not work. */
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
    <main className={styles.page}>
      <form className={styles.card} onSubmit={(event) => void signIn(event)}>
        <TotemMark size={32} />
        <h1>Sign in to Totem</h1>
        {notice && <Callout role="alert">{notice}</Callout>}
        <Muted>
          Open the link that <code>totem start</code> prints in its terminal. Each link works once. Or sign in
          with the administrator’s key: it is in the file <code>admin.key</code> of the data folder, unless{" "}
          <code>TOTEM_ADMIN_KEY</code> was set.
        </Muted>
        <Labelled title="Administrator key">
          <Input
            name="key"
            type="password"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problem !== undefined}
            aria-describedby="sign-in-problem"
          />
        </Labelled>
        <Problem id="sign-in-problem">{problem}</Problem>
        <Button type="submit" kind="primary" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </main>
  );
}
