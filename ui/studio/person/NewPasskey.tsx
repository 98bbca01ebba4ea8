import { useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import type { FormEvent } from "react";
import { addPasskey, newPasskeyOptions } from "../api/people-endpoints.ts";
import { Button, buttonClass } from "../kit/Button.tsx";
import { Input, Labelled, Problem } from "../kit/Field.tsx";
import { useAction } from "../kit/useAction.ts";
import styles from "./NewPasskey.module.css";
import { makePasskey, passkeyObstacle } from "./passkeys.ts";

export interface NewPasskeyProps {
  readonly onAdded: () => void;
  /** The words of its button. */
  readonly confirm?: string;
}

/** Adds a passkey of this device, under a name by which the person will know it. */
export function NewPasskey({ onAdded, confirm = "Add a passkey" }: NewPasskeyProps) {
  const { busy, problem, run } = useAction();
  const queries = useQueryClient();
  const obstacle = passkeyObstacle();
  if (obstacle)
    return (
      <div className={styles.obstacle}>
        <p>{obstacle.text}</p>
        {obstacle.elsewhere && (
          <a className={buttonClass()} href={obstacle.elsewhere + location.pathname}>
            Open at localhost
          </a>
        )}
      </div>
    );
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim() || deviceName();
    const added = await run(async () => addPasskey(name, await makePasskey(newPasskeyOptions)));
    await queries.invalidateQueries({ queryKey: ["me"], exact: true });
    if (added) onAdded();
  };
  return (
    <form className={styles.form} onSubmit={(event) => void add(event)}>
      <Labelled title="Name of the passkey">
        <Input name="name" defaultValue={deviceName()} maxLength={100} autoComplete="off" />
      </Labelled>
      <Problem>{problem}</Problem>
      <Button type="submit" kind="primary" disabled={busy}>
        <KeyRound size={15} aria-hidden /> {busy ? "Waiting for this device…" : confirm}
      </Button>
    </form>
  );
}

/** "Linux" or "iPhone": what the person has before them. */
function deviceName({ userAgent } = navigator): string {
  return (
    /iPhone|iPad|Android|Windows|Mac OS X|Linux/.exec(userAgent)?.[0].replace(" OS X", "") ?? "This device"
  );
}
