import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import { signInWithKey } from "../api/endpoints.ts";
import {
  passkeySignInOptions,
  readSignInWays,
  signInWithPasskey,
  signInWithPassword,
  startSingleSignOn,
} from "../api/people-endpoints.ts";
import { Button, buttonClass } from "../kit/Button.tsx";
import { Help, Input, Labelled, Problem } from "../kit/Field.tsx";
import { Callout, Muted } from "../kit/text.tsx";
import { useAction } from "../kit/useAction.ts";
import { askForPasskey, passkeyObstacle } from "../person/passkeys.ts";
import { setLapsed } from "../session.ts";
import { SignInCard, SignInForm } from "./SignInCard.tsx";
import styles from "./SignInPage.module.css";
import { sentenceOfSignInError } from "./sign-in-errors.ts";

export interface SignInPageProps {
  /** Why the person is here: a link that did not work, a session that ended. */
  readonly notice: string | undefined;
  readonly title?: string;
  /** Of a provider's way back. */
  readonly errorCode?: string | undefined;
}

type Enter = (way: () => Promise<unknown>) => Promise<boolean>;

/** The ways in, the shortest first. */
export function SignInPage({ notice, title = "Sign in to Totem", errorCode }: SignInPageProps) {
  const queries = useQueryClient();
  const { data: ways, isPending } = useQuery({ queryKey: ["sign-in ways"], queryFn: readSignInWays });
  const { busy, problem, run } = useAction();
  const enter: Enter = (way) =>
    run(async () => {
      await way();
      setLapsed(false);
      await queries.invalidateQueries();
    });
  const hasPeople = ways?.has_people !== false;
  // Which ways there are decides which are folded: nothing moves under the pointer.
  if (isPending)
    return (
      <SignInCard title={title}>
        {notice && <Callout role="alert">{notice}</Callout>}
        <Muted>One moment…</Muted>
      </SignInCard>
    );
  return (
    <SignInCard title={title}>
      {notice && <Callout role="alert">{notice}</Callout>}
      {errorCode && <Callout role="alert">{sentenceOfSignInError(errorCode)}</Callout>}
      {!hasPeople && <ByLink first />}
      {hasPeople && <ByPasskey busy={busy} enter={enter} />}
      {ways?.single_sign_on.map(({ workspace_id, name }) => (
        <Button
          key={workspace_id}
          disabled={busy}
          onClick={() => void run(async () => location.assign((await startSingleSignOn(workspace_id)).url))}
        >
          Continue with {name}
        </Button>
      ))}
      <Problem id="sign-in-problem">{problem}</Problem>
      {hasPeople && (
        <details className={styles.way}>
          <summary>E-mail and password</summary>
          <ByPassword busy={busy} enter={enter} />
        </details>
      )}
      <details className={styles.way} open={!hasPeople}>
        <summary>Other ways</summary>
        {hasPeople && <ByLink />}
        {hasPeople && <Muted>Were you invited? Open the link of your invitation.</Muted>}
        <ByKey busy={busy} enter={enter} />
      </details>
    </SignInCard>
  );
}

interface WayProps {
  readonly busy: boolean;
  readonly enter: Enter;
}

function ByPasskey({ busy, enter }: WayProps) {
  const obstacle = passkeyObstacle();
  if (obstacle)
    return (
      <>
        <Muted>{obstacle.text}</Muted>
        {obstacle.elsewhere && (
          <a className={buttonClass("primary")} href={obstacle.elsewhere + location.pathname}>
            Open at localhost
          </a>
        )}
      </>
    );
  return (
    <Button
      kind="primary"
      disabled={busy}
      onClick={() => void enter(async () => signInWithPasskey(await askForPasskey(passkeySignInOptions)))}
    >
      <Fingerprint size={16} aria-hidden /> Sign in with a passkey
    </Button>
  );
}

function ByPassword({ busy, enter }: WayProps) {
  return (
    <SignInForm
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const field = (name: string) => String(new FormData(form).get(name) ?? "");
        const code = field("code").replaceAll(" ", "");
        void enter(async () =>
          signInWithPassword({
            email: field("email").trim(),
            password: field("password"),
            ...(code === "" ? { response: await askForPasskey(passkeySignInOptions) } : { code }),
          }),
        );
      }}
    >
      <Labelled title="E-mail address">
        <Input name="email" type="email" autoComplete="username" required maxLength={254} />
      </Labelled>
      <Labelled title="Password">
        <Input name="password" type="password" autoComplete="current-password" required />
      </Labelled>
      <Labelled title="Code of your authenticator, or a backup code">
        <Input
          name="code"
          mono
          autoComplete="one-time-code"
          spellCheck={false}
          maxLength={64}
          aria-describedby="sign-in-code-help"
        />
      </Labelled>
      <Help id="sign-in-code-help">Leave it empty to use a passkey.</Help>
      <Button type="submit" disabled={busy} aria-describedby="sign-in-problem">
        Sign in with a password
      </Button>
    </SignInForm>
  );
}

const ByLink = ({ first = false }: { readonly first?: boolean }) =>
  first ? (
    <Muted>
      Open the link that <code>totem start</code> prints in its terminal. Without a terminal it is in the file{" "}
      <code>sign-in.link</code> of the data folder. Each link works once.
    </Muted>
  ) : (
    <Muted>
      A sign-in link comes from the server’s command line. Run <code>totem people link</code>, followed by
      your e-mail address, and open what it prints. A link works once, within an hour. If you cannot run it,
      ask who runs this server.
    </Muted>
  );

function ByKey({ busy, enter }: WayProps) {
  const { problem, setProblem } = useAction();
  return (
    <SignInForm
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const key = String(new FormData(form).get("key") ?? "").trim();
        setProblem(key === "" ? "Paste an administrator key." : undefined);
        if (key !== "") void enter(() => signInWithKey(key)).then((entered) => entered && form.reset());
      }}
    >
      <Muted>
        While only one person uses this server, the administrator’s key works too. It is in the file{" "}
        <code>admin.key</code> of the data folder, unless <code>TOTEM_ADMIN_KEY</code> was set.
      </Muted>
      <Labelled title="Administrator key">
        <Input
          name="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby="sign-in-key-problem"
        />
      </Labelled>
      <Problem id="sign-in-key-problem">{problem}</Problem>
      <Button type="submit" disabled={busy}>
        Sign in with the key
      </Button>
    </SignInForm>
  );
}
